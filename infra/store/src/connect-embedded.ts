import { mkdirSync, mkdtempSync, rmdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type ClickHouseClient, type ClickHouseClientConfigOptions, createClient } from '@clickhouse/client';
import { AppError } from '@px-platform/runtime';
import { tellAllocator } from './allocator/config.ts';
import { createEngine, type Engine } from './engine.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { sendAsFile } from './row-binary/send-as-file.ts';

/**
 * Gives one more connection to the engine inside this process, on this data folder; it runs one statement
 * at a time. Throws `data_dir_in_use` where another process works on the folder, `data_dir_unusable`
 * where it can't be made or written to.
 */
export function connectEmbedded(path: string): Engine {
  return oneAtATime(createEngine(openClient(path), `chdb at ${path}`, sendAsFile(path)));
}

const require = createRequire(import.meta.url);

function openClient(path: string): ClickHouseClient {
  try {
    mkdirSync(path, { recursive: true });
    rmdirSync(mkdtempSync(join(path, 'probe-')));
  } catch (cause) {
    throw new AppError(
      'data_dir_unusable',
      `The data folder ${path} can't be made or written to: check its owner and mode, or set DATA_DIR to another folder`,
      { cause },
    );
  }
  tellAllocator();
  // Loaded here and not with this module: 140 MB, which those that only reach the engine in another process do without.
  const { createChdbConnection } = require('chdb/connection') as typeof import('chdb/connection');
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
