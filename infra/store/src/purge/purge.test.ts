import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openEmbeddedTestStore, type TestStore } from '../../test/open-test-store.ts';
import { storeEvents } from '../../test/store-events.ts';
import type { Engine } from '../engine.ts';
import { createJoinsMaker } from '../identity/joins/joins-maker.ts';
import { createClickHousePurgeStore } from './clickhouse-purge-store.ts';
import type { PurgeSubject } from './purge-store.ts';
import { keptTables, purgedTables } from './purged-tables.ts';

const at = Date.UTC(2026, 4, 1, 10);
const session = '0190aaaa-bbbb-7ccc-8ddd-00000000cccc';
const untilEnd = {
  aborted: new AbortController().signal,
  onError: (error: unknown) => expect.unreachable(String(error)),
};
let test: TestStore;
let made = 0;
beforeAll(async () => {
  test = await openEmbeddedTestStore();
});
afterAll(() => test.store.close());

/** Values as text: whether numbers are quoted depends on who asked before. */
const ask = async (sql: string): Promise<string[][]> =>
  (await test.engine.ask({ sql, params: {} })).rows.map((row) => row.map(String));
const toId = (number: number): string => `0190bbbb-0000-7000-8000-${String(number).padStart(12, '0')}`;

/** A project with the person known as ANNA (ids with ANNA, a mail address) and others that have to do with her. */
async function openProject(): Promise<string> {
  made += 1;
  const projectId = `prj_purge_${made}`;
  const anna = { anonymous_id: 'ANNA-web', person_key: 'ANNA-web' };
  await storeEvents(test.store, { projectId, partition: 100 + made }, [
    { ...anna, timestamp: at },
    {
      ...anna,
      timestamp: at + 1,
      event: 'identify',
      user_id: 'ANNA',
      traits: { email: 'Anna@ANNA.example', plan: 'pro' },
    },
    {
      timestamp: at + 2,
      event: 'alias',
      anonymous_id: '',
      person_key: 'ANNA',
      user_id: 'ANNA',
      properties: { previous_id: 'ANNA-old' },
    },
    { timestamp: at + 3, anonymous_id: 'ANNA-old', person_key: 'ANNA-old' },
    {
      timestamp: at + 4,
      anonymous_id: '',
      person_key: 'ANNA',
      user_id: 'ANNA',
      event: 'group',
      properties: { group_id: 'acme' },
      traits: { size: 3 },
    },
    // A shared terminal: one event there was hers, in a session with another's.
    { timestamp: at + 5, anonymous_id: 'kiosk', person_key: 'kiosk', user_id: 'ANNA', session_id: session },
    { timestamp: at + 6, anonymous_id: 'kiosk', person_key: 'kiosk', session_id: session },
    {
      timestamp: at + 7,
      anonymous_id: 'bert-web',
      person_key: 'bert-web',
      user_id: 'bert',
      event: 'identify',
      traits: { email: 'bert@example.com' },
    },
    { timestamp: at + 8, anonymous_id: 'cara', person_key: 'cara', properties: { email: ' ANNA@anna.EXAMPLE' } },
  ]);
  const letter = (offset: number, reason: string, project_id: string, payload: string) => ({
    reason,
    stage: 'row',
    message: '',
    project_id,
    log: `log-${projectId}`,
    partition: 0,
    offset,
    index: 0,
    // Letters end after 90 days, by the engine's own clock.
    received_at: Date.now(),
    payload: Buffer.from(payload).toString('base64'),
  });
  const record = (events: object[]): string => JSON.stringify({ person_key: 'x', project_id: projectId, events });
  await test.store.addDeadLetters([
    letter(1, 'stage_failed', projectId, record([{ anonymous_id: 'ANNA-web' }])),
    letter(2, 'stage_failed', projectId, record([{ user_id: 'bert', properties: { seen: 'bert' } }])),
    letter(3, 'undecodable_record', '', `{"project_id":"${projectId}","events":[{"anonymous_id":"ANNA-old"`),
    letter(4, 'undecodable_record', '', `{"project_id":"another","events":[{"anonymous_id":"ANNA-old"`),
  ]);
  await test.identity.decide([
    { projectId, id: 'ANNA-old', decision: 'trust', decidedAt: at, decidedBy: 'op', note: '' },
  ]);
  await createJoinsMaker(test.engine, 0).makeRound(untilEnd);
  await makeRound();
  return projectId;
}

const hashed = "if(id_hash IN (cityHash64('ANNA'), cityHash64('ANNA-web'), cityHash64('ANNA-old')), 'anna', '')";
const textOf: Readonly<Record<string, string>> = {
  dead_letters: 'base64Decode(payload)',
  stored_joins: hashed,
  touched_ids: hashed,
  session_hours: `if(hasAny(arrayConcat(stays.person_key_hash, stays.user_hash), [cityHash64('ANNA'), cityHash64('ANNA-web'), cityHash64('ANNA-old')]), 'anna', '')`,
};

/** Where a project's tables still say ANNA, whatever the column. */
async function whereIsAnna(projectId: string): Promise<string[]> {
  const found: string[] = [];
  for (const { table } of purgedTables) {
    const text = textOf[table] ?? 'toString(tuple(*))';
    const of = table === 'dead_letters' ? `log = 'log-${projectId}' AND offset != 4` : `project_id = '${projectId}'`;
    const [row] = await ask(
      `SELECT count() FROM ${table} WHERE ${of} AND positionCaseInsensitive(${text}, 'anna') > 0`,
    );
    if (Number(row?.[0]) > 0) found.push(`${table}: ${row?.[0]}`);
  }
  return found;
}

async function purge(projectId: string, subject: PurgeSubject, purges = test.purges) {
  const id = toId(made);
  await purges.request({ id, projectId, subject, at: at + 100 });
  const [pending] = (await purges.pending()).filter((one) => one.id === id);
  if (pending === undefined) throw new Error('not pending');
  return purges.finish(await purges.begin(pending, at + 200), at + 300);
}

const hours = { from: at, to: at + 3_600_000 };
const makeRound = (): Promise<number> => test.rollupMaker.makeRound(untilEnd);

describe('a purge', () => {
  it('removes all that the person is from every table, says so by counts, and leaves what is others’', async () => {
    const projectId = await openProject();
    const other = await openProject();
    const others = await whereIsAnna(other);
    expect((await whereIsAnna(projectId)).map((line) => line.split(':')[0])).toEqual(
      purgedTables.map(({ table }) => table),
    );
    const subject = { kind: 'anonymous_id', value: 'ANNA-old' } as const;
    const preview = await test.purges.preview(projectId, subject);
    expect(preview).toMatchObject({
      ids: 3,
      found: { events: 6, dead_letters: 2, group_members: 1, identity_decisions: 1 },
    });
    expect(await whereIsAnna(projectId)).toHaveLength(purgedTables.length);

    const done = await purge(projectId, subject);
    expect(done).toMatchObject({ state: 'done', ids: 3, found: preview.found });
    expect(done).toMatchObject({ deletedBefore: at + 200, finishedAt: at + 300 });
    expect(done.left).toEqual(Object.fromEntries(purgedTables.map(({ table }) => [table, 0]).sort()));
    expect(await test.purges.find(projectId, done.id)).toEqual(done);
    expect(await test.purges.pending()).toEqual([]);
    expect(await ask('SELECT count() FROM purge_ids')).toEqual([['0']]);

    expect(await whereIsAnna(other)).toEqual(others);
    const of = `project_id = '${projectId}'`;
    // Cara bears the address of Anna, who was purged by an id: she is another.
    expect(await ask(`SELECT person_key FROM events WHERE ${of} ORDER BY timestamp`)).toEqual([
      ['kiosk'],
      ['bert-web'],
      ['cara'],
    ]);
    expect(await ask(`SELECT person_key, events FROM sessions_v WHERE ${of} ORDER BY person_key`)).toEqual([
      ['bert-web', '1'],
      ['cara', '1'],
      ['kiosk', '1'],
    ]);
    expect(await ask(`SELECT person_id FROM persons(project = '${projectId}')`)).toEqual([['bert']]);
    expect(await ask(`SELECT group_id, members FROM groups(project = '${projectId}')`)).toEqual([['acme', '0']]);
    const letters = `SELECT offset FROM dead_letters WHERE log = 'log-${projectId}' ORDER BY offset`;
    expect(await ask(letters)).toEqual([['2'], ['4']]);
  });

  it('by mail address may break off between two statements, is finished by another one, and keeps hashes alone', async () => {
    const projectId = await openProject();
    const id = toId(made);
    await test.purges.request({ id, projectId, subject: { kind: 'email', value: 'anna@Anna.example' }, at: at + 100 });
    const breakOffAfter = (count: number): Engine => {
      let left = count;
      const guard = async <T>(call: () => Promise<T>): Promise<T> => {
        left -= 1;
        if (left < 0) throw new Error('broken off');
        return call();
      };
      return {
        ...test.engine,
        run: (statement) => guard(() => test.engine.run(statement)),
        ask: (statement) => guard(() => test.engine.ask(statement)),
        insert: (sql, data) => guard(() => test.engine.insert(sql, data)),
      };
    };
    await makeRound();
    expect(await test.rollups.check(projectId, hours)).toMatchObject({ checked: 1, stale: 0, differences: [] });
    let breaks = 0;
    for (let count = 3; (await test.purges.pending()).length > 0; count += 4) {
      const engine = breakOffAfter(count);
      const purges = createClickHousePurgeStore(engine, engine);
      try {
        for (const one of await purges.pending()) await purges.finish(await purges.begin(one, at + 200), at + 300);
      } catch (error) {
        expect(error).toMatchObject({ message: 'broken off' });
        breaks += 1;
      }
      // Those who make rollups know nothing of purges.
      await makeRound();
    }
    expect(await test.rollups.check(projectId, hours)).toMatchObject({ checked: 1, stale: 0, differences: [] });
    expect(breaks).toBeGreaterThanOrEqual(4);
    expect(await whereIsAnna(projectId)).toEqual([]);
    const done = await test.purges.find(projectId, id);
    expect(done).toMatchObject({ state: 'done', ids: 4, found: { events: 7 } });
    expect(new Set(Object.values(done?.left ?? {}))).toEqual(new Set([0]));
    const kiosk = `SELECT person_key, events FROM sessions_v WHERE project_id = '${projectId}' ORDER BY person_key`;
    expect(await ask(kiosk)).toEqual([
      ['bert-web', '1'],
      ['kiosk', '1'],
    ]);
    await test.purges.tidy();
    expect(await ask('SELECT count() FROM purge_ids')).toEqual([['0']]);

    const stones = (await test.purges.tombstones(0)).filter((stone) => stone.projectId === projectId);
    expect(stones).toHaveLength(5);
    for (const { hash, purgedAt } of stones) {
      expect(hash).toMatch(/^[0-9a-f]{64}$/);
      expect(purgedAt).toBe(at + 200);
    }
    for (const table of ['purges', 'tombstones', 'system.mutations']) {
      const said = `countIf(positionCaseInsensitive(toString(tuple(*)), 'anna') > 0)`;
      expect([table, await ask(`SELECT ${said} FROM ${table}`)]).toEqual([table, [['0']]]);
    }
  });

  it('of an id that is known nowhere removes nothing, and keeps it away', async () => {
    const before = await ask('SELECT count() FROM events');
    made += 1;
    const done = await purge('prj_purge_1', { kind: 'user_id', value: 'nobody-1' });
    expect(done).toMatchObject({ state: 'done', ids: 1 });
    expect(await ask('SELECT count() FROM events')).toEqual(before);
  });
});

it('every table of the DDL is purged, or is kept for a reason', async () => {
  const tables = await ask(
    "SELECT name FROM system.tables WHERE database = currentDatabase() AND engine NOT LIKE '%View' AND name NOT LIKE '.inner%' ORDER BY name",
  );
  const named = [...purgedTables.map(({ table }) => table), ...Object.keys(keptTables)].sort();
  expect(tables.map(([name]) => name)).toEqual(named);
});
