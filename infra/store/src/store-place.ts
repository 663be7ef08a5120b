import { AppError } from '@px-platform/runtime';
import { z } from 'zod';
import { clusterNameSchema } from './cluster/cluster-name.ts';

/** Settings that say where the store is, from the environment. */
export const storeConfigSchema = z.object({
  CLICKHOUSE_URL: z.url().optional(),
  CLICKHOUSE_CLUSTER: clusterNameSchema.optional(),
});

/** Where the store is: the engine's folder, or a server with its cluster, null for none. */
export type StorePlace =
  | { readonly kind: 'embedded'; readonly path: string }
  | { readonly kind: 'server'; readonly url: string; readonly cluster: string | null };

/** Gives where the store is: in a folder unless a server is set. Throws `config_invalid` where a cluster is named and none of its nodes. */
export function toStorePlace(config: z.infer<typeof storeConfigSchema>, path: string): StorePlace {
  const { CLICKHOUSE_URL: url, CLICKHOUSE_CLUSTER: cluster = null } = config;
  if (url !== undefined) return { kind: 'server', url, cluster };
  if (cluster === null) return { kind: 'embedded', path };
  throw new AppError(
    'config_invalid',
    'CLICKHOUSE_CLUSTER is set and CLICKHOUSE_URL is not: set it to the URL of one node, or of the balancer before them',
  );
}
