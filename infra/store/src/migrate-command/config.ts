import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { AppError, parseConfig } from '@px-platform/runtime';
import { z } from 'zod';
import { type StorePlace, storeConfigSchema, toStorePlace } from '../store-place.ts';

/** Settings of `pnpm migrate`: those of the server that say where the store is. */
const migrateConfigSchema = z.object({ DATA_DIR: z.string().default('.px'), ...storeConfigSchema.shape });

/** Gives the environment, for `main.ts` to hand on. */
export function readEnvironment(): NodeJS.ProcessEnv {
  return process.env;
}

/**
 * Reads where the store is; a `DATA_DIR` is sought from the folder `from`. Throws `config_invalid`, and
 * `data_dir_unusable` where no store stands in the data folder: to make one is the server's to do.
 */
export function readMigratePlace(env: NodeJS.ProcessEnv, from: string): StorePlace {
  const config = parseConfig(migrateConfigSchema, env);
  const place = toStorePlace(config, resolve(from, config.DATA_DIR, 'store'));
  if (place.kind === 'server' || existsSync(place.path)) return place;
  throw new AppError(
    'data_dir_unusable',
    `There is no store at ${place.path}: set DATA_DIR to the server's data folder, CLICKHOUSE_URL to a server, or start the server once (npm start), which makes it`,
  );
}
