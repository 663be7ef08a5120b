import { mkdirSync } from 'node:fs';
import { type ClickHouseClient, type ClickHouseClientConfigOptions, createClient } from '@clickhouse/client';
import { AppError, type Clock } from '@px-platform/runtime';
import { createChdbConnection } from 'chdb/connection';
import { createEngine, type Engine } from './engine.ts';
import { createOpenStore, type OpenStore } from './open-store.ts';

/**
 * Opens ClickHouse inside this process (chdb) on a data folder and migrates it. The engine locks the
 * folder in the kernel, so a second process is refused at once (`data_dir_in_use`) and a killed one
 * leaves nothing stale. Two connections: one runs one statement at a time, and a question must not wait
 * for an insert. Main thread only: torn down in a worker, the engine does not come back.
 */
export async function openEmbeddedStore(options: { path: string; clock: Clock }): Promise<OpenStore> {
  const { path, clock } = options;
  const write = connect(path);
  const read = connect(path);
  return createOpenStore({ write, read, clock, isSole: true });
}

function connect(path: string): Engine {
  return createEngine(openClient(path), `chdb at ${path}`);
}

function openClient(path: string): ClickHouseClient {
  try {
    mkdirSync(path, { recursive: true });
  } catch (cause) {
    throw new AppError('data_dir_unusable', `The data folder ${path} can't be made: check its owner and mode`, {
      cause,
    });
  }
  try {
    return createClient({ connection: toClientConnection(createChdbConnection({ path })) });
  } catch (cause) {
    throw new AppError(
      'data_dir_in_use',
      `ClickHouse can't open ${path}: most likely another process works on this data folder. Stop it, or set DATA_DIR to another folder`,
      { cause },
    );
  }
}

type ClientConnection = NonNullable<ClickHouseClientConfigOptions['connection']>;

/** chdb is typed against @clickhouse/client-common, the client against its own copy of the same types. */
function toClientConnection(connection: unknown): ClientConnection {
  return connection as ClientConnection;
}
