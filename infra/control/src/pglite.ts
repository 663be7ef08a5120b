import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { PGlite } from '@electric-sql/pglite';
import { AppError, type Clock, type FolderLock, lockFolder } from '@px-platform/runtime';
import { drizzle } from 'drizzle-orm/pglite';
import { migrate } from 'drizzle-orm/pglite/migrator';
import type { RandomBytes } from './base62.ts';
import type { ControlStore } from './control-store.ts';
import { createDrizzleControlStore } from './drizzle-store.ts';
import { startPostgres } from './start-postgres.ts';

const migrationsFolder = join(import.meta.dirname, '../drizzle');

/** At some 100 bytes a use this bounds Postgres's log, and what a start after a kill reads again, to about 10 MB. */
const usesPerCheckpoint = 100_000;

/** Where the embedded Postgres lies, and where time and chance come from. */
export interface PgliteOptions {
  /** Folder of its own; made where it is missing. */
  readonly path: string;
  readonly clock?: Clock;
  readonly randomBytes?: RandomBytes;
}

/**
 * Opens the control store on an embedded Postgres in a folder and migrates it: about 3 s the first
 * time, 0.5 s later, 1 s after a kill. What was answered survives a killed process. Throws
 * `data_dir_in_use`, `data_dir_unusable` or `migration_failed`.
 */
export async function openPgliteControl(options: PgliteOptions): Promise<ControlStore> {
  const { path, ...rest } = options;
  const lock = await unusableOnError(path, () => lockFolder(path));
  try {
    const client = await unusableOnError(path, async () => {
      if (!(await isDatabase(path))) await createDatabase(path);
      return await startPostgres(path);
    });
    const db = drizzle({ client });
    await migrateOrClose(client, () => migrate(db, { migrationsFolder }));
    const store = createDrizzleControlStore({ db, close: () => closeAndRelease(client, lock), ...rest });
    return withCheckpoints(store, async () => void (await client.exec('checkpoint')));
  } catch (cause) {
    await lock.release();
    throw cause;
  }
}

async function isDatabase(path: string): Promise<boolean> {
  return (await stat(join(path, 'PG_VERSION')).catch(() => null)) !== null;
}

/**
 * Made beside its place and then moved there: a kill half way leaves nothing that looks like a database. Under a name of its own,
 * since what was started by who was killed may still be writing for a moment.
 */
async function createDatabase(path: string): Promise<void> {
  await removeUnfinished(path);
  const unfinished = `${path}.new-${randomUUID()}`;
  await mkdir(unfinished, { recursive: true });
  await makeDatabase(unfinished);
  await rename(unfinished, path);
}

/** What can't be removed yet is removed at the next start that finds no database. */
async function removeUnfinished(path: string): Promise<void> {
  const names = await readdir(dirname(path)).catch(() => []);
  for (const name of names.filter((one) => one.startsWith(`${basename(path)}.new`))) {
    await rm(join(dirname(path), name), { recursive: true, force: true }).catch(() => undefined);
  }
}

async function makeDatabase(path: string): Promise<void> {
  const making = fork(fileURLToPath(new URL('./make-database.ts', import.meta.url)), [path], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    execArgv: [],
  });
  const [said, [code]] = await Promise.all([making.stderr === null ? '' : text(making.stderr), once(making, 'exit')]);
  if (code !== 0) throw new Error(`Making the database ended with ${code}. ${said}`);
}

async function migrateOrClose(client: PGlite, run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (cause) {
    await client.close();
    throw new AppError(
      'migration_failed',
      `Could not bring the control database up to date with ${migrationsFolder}. Was it written by a later version?`,
      { cause },
    );
  }
}

/** One process makes no checkpoint by itself, so its log would grow until it closes; noting uses is what fills it. */
function withCheckpoints(store: ControlStore, checkpoint: () => Promise<void>): ControlStore {
  let uses = 0;
  return {
    ...store,
    async touchKeys(batch) {
      await store.touchKeys(batch);
      uses += batch.length;
      if (uses < usesPerCheckpoint) return;
      uses = 0;
      await checkpoint().catch((cause: unknown) => {
        throw new AppError('control_unavailable', 'Could not make a checkpoint of the control database.', { cause });
      });
    },
  };
}

async function unusableOnError<T>(path: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError(
      'data_dir_unusable',
      `Could not open the control database in ${path}. Check that the folder can be written and the disk has room; if it is damaged, put a backup in its place.`,
      { cause },
    );
  }
}

async function closeAndRelease(client: PGlite, lock: FolderLock): Promise<void> {
  await client.close();
  await lock.release();
}
