import type { Engine } from '../../engine.ts';

/** How long after its own instant a touch may be seen at the latest. */
export const touchMarginMs = 20_000;
/** Ids are part of the statement, whose length is bounded. */
const idsPerStatement = 500;

/** An id of a project; '' stands for any. */
export interface TouchedId {
  readonly projectId: string;
  readonly id: string;
}

/**
 * Notes that something was said or decided of these ids, after that was stored; a note that took too long to be seen in time
 * is made again. Throws `store_unavailable`.
 */
export async function touchIds(engine: Engine, touched: readonly TouchedId[]): Promise<void> {
  const distinct = [...new Map(touched.map((one) => [`${one.projectId} ${one.id}`, one])).values()];
  for (let at = 0; at < distinct.length; ) {
    const some = distinct.slice(at, at + idsPerStatement);
    const startedAt = performance.now();
    await engine.run({
      sql: `
INSERT INTO touched_ids
SELECT pair.1, now64(3), if(pair.2 = '', 0, cityHash64(pair.2))
FROM (SELECT arrayJoin(arrayZip({projects:Array(String)}, {ids:Array(String)})) AS pair)
SETTINGS async_insert = 0, max_threads = 1`,
      params: { projects: some.map(({ projectId }) => projectId), ids: some.map(({ id }) => id) },
    });
    if (performance.now() - startedAt < touchMarginMs / 2) at += idsPerStatement;
  }
}
