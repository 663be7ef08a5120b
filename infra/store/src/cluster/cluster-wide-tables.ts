/**
 * Tables that have the same rows on every node of a cluster, whatever its shard: small ones that a change of rows asks. Such a change
 * is carried out by each replica by itself, in the background and by the server's own settings: it is to read nothing of other nodes.
 */
export const clusterWideTables: ReadonlySet<string> = new Set(['purge_ids']);
