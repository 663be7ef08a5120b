import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { AppError, parseConfig } from '@px-platform/runtime';
import { z } from 'zod';
import { clusterNameSchema } from '../cluster/cluster-name.ts';

/** Settings of `pnpm migrate`: those of the server that say where the store is. */
const migrateConfigSchema = z.object({
  DATA_DIR: z.string().default('.px'),
  CLICKHOUSE_URL: z.url().optional(),
  CLICKHOUSE_CLUSTER: clusterNameSchema.optional(),
});

/** Where the store is: the engine's folder, or a server with its cluster, null for none. */
export type MigratePlace =
  | { readonly kind: 'embedded'; readonly path: string }
  | { readonly kind: 'server'; readonly url: string; readonly cluster: string | null };

/** Gives the environment, for `main.ts` to hand on. */
export function readEnvironment(): NodeJS.ProcessEnv {
  return process.env;
}

/**
 * Reads where the store is; a `DATA_DIR` is sought from the folder `from`. Throws `config_invalid`, and
 * `data_dir_unusable` where no store stands in the data folder: to make one is the server's to do.
 */
export function readMigratePlace(env: NodeJS.ProcessEnv, from: string): MigratePlace {
  const { DATA_DIR, CLICKHOUSE_URL: url, CLICKHOUSE_CLUSTER: cluster = null } = parseConfig(migrateConfigSchema, env);
  if (url !== undefined) return { kind: 'server', url, cluster };
  if (cluster !== null) {
    throw new AppError('config_invalid', 'CLICKHOUSE_CLUSTER is set and CLICKHOUSE_URL is not: set it to one node');
  }
  const path = resolve(from, DATA_DIR, 'store');
  if (existsSync(path)) return { kind: 'embedded', path };
  throw new AppError(
    'data_dir_unusable',
    `There is no store at ${path}: set DATA_DIR to the server's data folder, CLICKHOUSE_URL to a server, or start the server once (npm start), which makes it`,
  );
}
