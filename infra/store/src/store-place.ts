import { AppError } from '@px-platform/runtime';
import { z } from 'zod';
import { clusterNameSchema } from './cluster/cluster-name.ts';
import { serverUrlsSchema } from './replicas/server-urls.ts';

/** Settings that say where the store is, from the environment. */
export const storeConfigSchema = z.object({
  CLICKHOUSE_URL: serverUrlsSchema.optional(),
  CLICKHOUSE_CLUSTER: clusterNameSchema.optional(),
});

/** Where the store is: the engine's folder, or a server, or several of one store, with their cluster, null for none. */
export type StorePlace =
  | { readonly kind: 'embedded'; readonly path: string }
  | { readonly kind: 'server'; readonly urls: readonly string[]; readonly cluster: string | null };

/** Gives where the store is: in a folder unless a server is set. Throws `config_invalid` where a cluster is named and none of its nodes. */
export function toStorePlace(config: z.infer<typeof storeConfigSchema>, path: string): StorePlace {
  const { CLICKHOUSE_URL: urls, CLICKHOUSE_CLUSTER: cluster = null } = config;
  if (urls !== undefined) return { kind: 'server', urls, cluster };
  if (cluster === null) return { kind: 'embedded', path };
  throw new AppError(
    'config_invalid',
    'CLICKHOUSE_CLUSTER is set and CLICKHOUSE_URL is not: set it to the URLs of its nodes, or of the balancer before them',
  );
}
