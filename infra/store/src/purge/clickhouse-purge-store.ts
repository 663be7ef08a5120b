import { toPlainMail, toTombstoneHash } from '@px-platform/schemas';
import type { Engine } from '../engine.ts';
import { toDateTime64 } from '../row-data.ts';
import { findPersonIds, maxPurgeIds } from './find-person-ids.ts';
import { toPurgeCounts, toPurgeStatements } from './purge-statements.ts';
import type { Purge, PurgeDesk, PurgeStore, PurgeSubject, StoredTombstone, TableCounts } from './purge-store.ts';

const states = { requested: 1, deleting: 2, incomplete: 3, refused: 4, done: 5 } as const;

/** Purges on ClickHouse: `engine` writes; what an operator asks meanwhile is answered by `read`. */
export function createClickHousePurgeStore(engine: Engine, read: Engine): PurgeStore {
  /** Whom a request is about is noted before the request itself: nothing may be forgotten in between. */
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(call: () => Promise<T>): Promise<T> => {
    const result = last.then(call);
    last = result.catch(() => undefined);
    return result;
  };

  async function addIds(purgeId: string, kind: string, ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    const rows = ids.map((id) => JSON.stringify({ purge_id: purgeId, kind, id }));
    await engine.insert('INSERT INTO purge_ids SETTINGS async_insert = 0 FORMAT JSONEachRow', rows.join('\n'));
  }
  async function readIds(purgeId: string, kinds: readonly string[]): Promise<{ kind: string; id: string }[]> {
    const { rows } = await engine.ask({
      sql: 'SELECT DISTINCT kind, id FROM purge_ids WHERE purge_id = {purge:UUID} AND kind IN {kinds:Array(String)}',
      params: { purge: purgeId, kinds },
    });
    return rows.map(([kind, id]) => ({ kind: String(kind), id: String(id) }));
  }
  async function note(purge: Purge): Promise<Purge> {
    const row = {
      project_id: purge.projectId,
      purge_id: purge.id,
      version: states[purge.state],
      kind: purge.kind,
      state: purge.state,
      requested_at: toDateTime64(purge.requestedAt),
      deleted_before: toDateTime64(purge.deletedBefore ?? 0),
      finished_at: toDateTime64(purge.finishedAt ?? 0),
      ids: purge.ids,
      found: JSON.stringify(purge.found),
      left: JSON.stringify(purge.left),
    };
    await engine.insert('INSERT INTO purges SETTINGS async_insert = 0 FORMAT JSONEachRow', JSON.stringify(row));
    return purge;
  }
  async function count(purge: { id: string; projectId: string }): Promise<TableCounts> {
    const { rows } = await engine.ask(toPurgeCounts(purge));
    return Object.fromEntries(rows.map(([table, counted]) => [String(table), Number(counted)]).sort());
  }
  /** Forgets whom all purges are about that are over, and those whose request broke off; by name, so that each replica forgets the same. */
  async function forget(): Promise<void> {
    const noted = await engine.ask({ sql: 'SELECT DISTINCT toString(purge_id) FROM purge_ids', params: {} });
    if (noted.rows.length === 0) return;
    const pending = await engine.ask({ sql: selectPending('toString(purge_id)'), params: {} });
    const kept = new Set(pending.rows.map(([id]) => id));
    const over = noted.rows.map(([id]) => String(id)).filter((id) => !kept.has(id));
    if (over.length === 0) return;
    await engine.run({
      sql: 'ALTER TABLE purge_ids DELETE WHERE purge_id IN {over:Array(UUID)} SETTINGS mutations_sync = 2',
      params: { over },
    });
  }
  async function keepIds(id: string, subject: PurgeSubject, ids: readonly string[]): Promise<void> {
    const json = [...ids, ...(subject.kind === 'email' ? [subject.value] : [])].map((one) => JSON.stringify(one));
    await addIds(id, 'id', ids);
    await addIds(id, 'json', json);
  }

  return {
    ...createDesk(),
    tidy: () => inTurn(forget),
    async pending() {
      const { rows } = await engine.ask({
        sql: `${selectPending(columns)} ORDER BY requested_at, purge_id`,
        params: {},
      });
      return rows.map(toPurge);
    },
    async begin(purge, before) {
      const [seed] = await readIds(purge.id, ['user_id', 'anonymous_id', 'email']);
      if (seed === undefined) return note({ ...purge, state: 'refused' });
      const subject = { kind: purge.kind, value: seed.id };
      const known = (await readIds(purge.id, ['id'])).map(({ id }) => id);
      // What was found before is not looked for again: the claims that told it may be gone.
      const ids = purge.state === 'requested' ? await findPersonIds(engine, purge.projectId, subject) : known;
      if (ids.length > maxPurgeIds) return note({ ...purge, state: 'refused', ids: ids.length });
      if (purge.state === 'requested') await keepIds(purge.id, subject, ids);
      const hashes = ids.map((id) => toTombstoneHash(purge.projectId, 'id', id));
      if (subject.kind === 'email') hashes.push(toTombstoneHash(purge.projectId, 'email', subject.value));
      const stones = hashes.map((hash) =>
        JSON.stringify({ project_id: purge.projectId, hash, purged_at: toDateTime64(before) }),
      );
      if (stones.length > 0) {
        await engine.insert(
          'INSERT INTO tombstones (project_id, hash, purged_at) SETTINGS async_insert = 0 FORMAT JSONEachRow',
          stones.join('\n'),
        );
      }
      const found = purge.state === 'requested' ? await count(purge) : purge.found;
      return note({ ...purge, state: 'deleting', deletedBefore: before, ids: ids.length, found });
    },
    async finish(purge, at) {
      for (const statement of toPurgeStatements(purge, await count(purge), purge.deletedBefore ?? at))
        await engine.run(statement);
      const left = await count(purge);
      if (Object.values(left).some((rows) => rows > 0)) return note({ ...purge, state: 'incomplete', left });
      const done = await note({ ...purge, state: 'done', finishedAt: at, left });
      await inTurn(forget);
      return done;
    },
    async tombstones(since) {
      const { rows } = await engine.ask({
        sql: `
SELECT project_id, hash, toUnixTimestamp64Milli(max(purged_at)), toUnixTimestamp64Milli(now64(3)) - toUnixTimestamp64Milli(max(stored_at))
FROM tombstones
WHERE stored_at >= fromUnixTimestamp64Milli({since:Int64})
GROUP BY project_id, hash
SETTINGS output_format_json_quote_64bit_integers = 0`,
        params: { since },
      });
      return rows.map(
        ([projectId, hash, at, age]): StoredTombstone => ({
          projectId: String(projectId),
          hash: String(hash),
          purgedAt: Number(at),
          ageMs: Number(age),
        }),
      );
    },
  };

  function createDesk(): PurgeDesk {
    return {
      request: ({ id, projectId, subject, at }) =>
        inTurn(async () => {
          await addIds(id, subject.kind, [toSeed(subject)]);
          const none = { deletedBefore: null, finishedAt: null, ids: 0, found: {}, left: {} };
          return note({ id, projectId, kind: subject.kind, state: 'requested', requestedAt: at, ...none });
        }),
      async find(projectId, id) {
        const { rows } = await read.ask({
          sql: `SELECT ${columns} FROM purges FINAL WHERE project_id = {project:String} AND purge_id = {purge:UUID}`,
          params: { project: projectId, purge: id },
        });
        const [row] = rows;
        return row === undefined ? null : toPurge(row);
      },
      preview: (projectId, subject) =>
        inTurn(async () => {
          const id = crypto.randomUUID();
          const ids = await findPersonIds(engine, projectId, subject);
          try {
            await addIds(id, subject.kind, [toSeed(subject)]);
            await keepIds(id, subject, ids);
            return { ids: ids.length, found: await count({ id, projectId }) };
          } finally {
            await forget();
          }
        }),
    };
  }
}

function toSeed({ kind, value }: PurgeSubject): string {
  return kind === 'email' ? toPlainMail(value) : value;
}

const instant = (column: string): string => `toUnixTimestamp64Milli(${column})`;
const columns = `project_id, toString(purge_id), kind, state, ${instant('requested_at')}, ${instant('deleted_before')}, ${instant('finished_at')}, ids, found, left`;

function selectPending(what: string): string {
  return `SELECT ${what} FROM purges FINAL WHERE state IN ('requested', 'deleting', 'incomplete')`;
}

/** As `note` wrote them. */
function toPurge([
  projectId,
  id,
  kind,
  state,
  requestedAt,
  deletedBefore,
  finishedAt,
  ids,
  found,
  left,
]: unknown[]): Purge {
  return {
    id: String(id),
    projectId: String(projectId),
    kind: String(kind) as Purge['kind'],
    state: String(state) as Purge['state'],
    requestedAt: Number(requestedAt),
    deletedBefore: Number(deletedBefore) || null,
    finishedAt: Number(finishedAt) || null,
    ids: Number(ids),
    found: JSON.parse(String(found)),
    left: JSON.parse(String(left)),
  };
}
