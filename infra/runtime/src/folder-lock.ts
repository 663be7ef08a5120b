import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AppError } from './app-error.ts';

/** A folder held by this process; `release` gives it back. A killed process's lock is found to be stale. */
export interface FolderLock {
  release(): Promise<void>;
}

/**
 * Holds a folder for this process, by the file `<path>.lock` beside it, for what holds nothing itself: two processes on
 * one PGlite destroy it (github.com/electric-sql/pglite/issues/1106), and on one LMDB file each counts on places that the other fills. Throws
 * `data_dir_in_use`, or what the file system throws.
 */
export async function lockFolder(path: string): Promise<FolderLock> {
  const file = `${path}.lock`;
  const mine = `${process.pid} ${await readStartTime(process.pid)}`;
  await mkdir(dirname(file), { recursive: true });
  for (let attempt = 0; attempt < 3; attempt++) {
    if (await tryCreate(file, mine)) return { release: () => rm(file, { force: true }) };
    const holder = await readFile(file, 'utf8').catch(() => '');
    if (await isAlive(holder)) {
      throw new AppError(
        'data_dir_in_use',
        `The folder ${path} is in use by process ${holder.split(' ')[0]}. Stop it, or set DATA_DIR to another folder.`,
      );
    }
    await rm(file, { force: true });
  }
  throw new AppError('data_dir_in_use', `The folder ${path} is being opened by several processes at once.`);
}

/** A link is made whole or not at all: nobody reads a lock that is half written. */
async function tryCreate(file: string, content: string): Promise<boolean> {
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, content);
  try {
    await link(draft, file);
    return true;
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'EEXIST') return false;
    throw cause;
  } finally {
    await rm(draft, { force: true });
  }
}

/** Process ids are used again (in a container, at every start): the start time tells the holder from its heir. */
async function isAlive(holder: string): Promise<boolean> {
  const [pid = '', startTime = ''] = holder.split(' ');
  if (!/^\d+$/.test(pid)) return false;
  try {
    process.kill(Number(pid), 0);
  } catch (cause) {
    return cause instanceof Error && 'code' in cause && cause.code === 'EPERM';
  }
  return (await readStartTime(Number(pid))) === startTime;
}

/** Gives field 22 of `/proc/<pid>/stat`, ticks since boot; '' where there is no /proc. Source: proc(5). */
async function readStartTime(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}
