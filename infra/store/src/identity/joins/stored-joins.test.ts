import { type EventRow, questionSchema } from '@px-platform/schemas';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openEmbeddedTestStore, type TestStore } from '../../../test/open-test-store.ts';
import { sampleId, sampleRow } from '../../../test/sample-row.ts';
import type { IdentityDecisionKind } from '../identity-store.ts';
import { askJoins, toJoins } from './ask-joins.ts';
import { createJoinsMaker } from './joins-maker.ts';
import { touchIds } from './touch-ids.ts';

let test: TestStore;
beforeAll(async () => {
  test = await openEmbeddedTestStore();
});
afterAll(() => test.store.close());

let events = 0;
const identify = (project_id: string, anonymous_id: string, user_id: string, own: Partial<EventRow> = {}): EventRow =>
  sampleRow({
    project_id,
    event: 'identify',
    event_id: sampleId(events++),
    anonymous_id,
    user_id,
    person_key: anonymous_id,
    ...own,
  });
const many = (project: string, count: number, user: string, prefix = 'a'): EventRow[] =>
  Array.from({ length: count }, (_, at) => identify(project, `${prefix}${at}`, user));

let offset = 0;
async function deliver(events: readonly EventRow[]): Promise<void> {
  const rows = events.map((row) => ({ ...row, _offset: offset++ }));
  const lastOffset = offset - 1;
  await test.store.insert({ logId: 'log-a', partition: 0, firstOffset: offset - rows.length, lastOffset, rows });
}

const store = (marginMs = 0): Promise<number> =>
  createJoinsMaker(test.engine, marginMs).makeRound({
    aborted: new AbortController().signal,
    onError: (error) => expect.unreachable(String(error)),
  });

const ask = async (sql: string, params: Record<string, unknown>): Promise<unknown[][]> =>
  (await test.engine.ask({ sql, params })).rows;

/** Whose each id is: of what `askJoins` gives, which must be the same as the view's; with where it was read. */
async function readJoins(project: string): Promise<{ from: string; joins: Record<string, string> }> {
  const named = `
    SELECT arrayJoin([id, user_id]) AS name, cityHash64(name) AS hash FROM identity_claims
    WHERE project_id = {project:String} AND name != ''`;
  const joins = toJoins(await askJoins(test.engine, project));
  const pairs = await ask(
    `${joins.sql}
SELECT DISTINCT name, if(person = 0, 'nobody', transform(person, (SELECT groupArray(hash) FROM (${named})), (SELECT groupArray(name) FROM (${named})), 'unknown'))
FROM (SELECT name, transform(hash, joins.1, joins.2) AS person FROM (${named}))
WHERE person != cityHash64(name) ORDER BY name`,
    { project, ...joins.params },
  );
  const [alike] = await ask(
    `${joins.sql}
SELECT arraySort(arrayFilter((one, person) -> one != person, joins.1, joins.2)) = (SELECT arraySort(groupArray(id_hash)) FROM person_joins(project = {project:String})),
    length(joins.1) = length(arrayDistinct(joins.1))`,
    { project, ...joins.params },
  );
  expect(alike).toEqual([1, 1]);
  return {
    from: /FROM (stored_joins|person_joins)/.exec(joins.sql)?.[1] ?? 'nothing',
    joins: Object.fromEntries(pairs.map(([name, person]) => [String(name), String(person)])),
  };
}

it('are read where they were stored, mended by what was said since, and worked out where they were not', async () => {
  const project = 'prj_mend';
  expect(await readJoins(project)).toEqual({ from: 'nothing', joins: {} });
  await deliver([identify(project, 'phone', 'anna'), identify(project, 'laptop', 'ben')]);
  expect(await readJoins(project)).toEqual({ from: 'person_joins', joins: { phone: 'anna', laptop: 'ben' } });
  await store();
  expect(await readJoins(project)).toEqual({ from: 'stored_joins', joins: { phone: 'anna', laptop: 'ben' } });
  await deliver([identify(project, 'tablet', 'anna')]);
  const joins = { phone: 'anna', laptop: 'ben', tablet: 'anna' };
  expect(await readJoins(project)).toEqual({ from: 'stored_joins', joins });
  // What was said in the margin is left to questions.
  expect(await store(60_000)).toBe(0);
  expect(await store()).toBeGreaterThan(0);
  expect(
    await ask("SELECT count() FROM stored_joins FINAL WHERE project_id = 'prj_mend' AND person_hash != id_hash", {}),
  ).toEqual([[3]]);
  expect(await readJoins(project)).toEqual({ from: 'stored_joins', joins });
  expect(await store()).toBe(0);
});

it.each([
  ['a mail address', 'shared@example.com', 49],
  ['another id', 'kiosk', 200],
])('let %s join nobody once one id too many did, and what joined it stands alone', async (_name, user, most) => {
  const project = `prj_${user}`;
  await deliver(many(project, most, user));
  await store();
  expect(Object.keys((await readJoins(project)).joins)).toHaveLength(most);
  await deliver([identify(project, 'one too many', user)]);
  expect(await readJoins(project)).toEqual({ from: 'stored_joins', joins: { [user]: 'nobody' } });
  await store();
  expect(await readJoins(project)).toEqual({ from: 'stored_joins', joins: { [user]: 'nobody' } });
  // What each of them did as that user is theirs.
  const question = questionSchema.parse({
    question: 'person_timeline',
    person: 'a7',
    from: '2020-01-01T00:00:00Z',
    to: '2030-01-01T00:00:00Z',
  });
  const { rows, columns } = await test.reader.ask(project, question);
  expect(rows.map((row) => row[columns.indexOf('anonymous_id')])).toEqual(['a7']);
});

it('follow an operator at once, and give back what was undone', async () => {
  const project = 'prj_decided';
  await deliver([identify(project, 'phone', 'anna'), identify(project, 'laptop', 'anna')]);
  await store();
  let decidedAt = Date.UTC(2026, 5, 1);
  const decide = (id: string, decision: IdentityDecisionKind) =>
    test.identity.decide([{ projectId: project, id, decision, decidedAt: decidedAt++, decidedBy: 'op', note: '' }]);
  await decide('phone', 'apart');
  expect(await readJoins(project)).toEqual({ from: 'stored_joins', joins: { laptop: 'anna' } });
  await decide('anna', 'block');
  expect(await readJoins(project)).toEqual({ from: 'stored_joins', joins: { anna: 'nobody' } });
  await store();
  await decide('anna', 'clear');
  await decide('phone', 'clear');
  expect(await readJoins(project)).toEqual({ from: 'stored_joins', joins: { phone: 'anna', laptop: 'anna' } });
});

it('are worked out where more is joined than can be mended, where anything may have changed, and where they are too old', async () => {
  const project = 'prj_whole';
  await deliver(many(project, 10, 'anna'));
  await store();
  expect(await readJoins(project)).toMatchObject({ from: 'stored_joins' });
  const noted = Array.from({ length: 5_001 }, (_, at) => ({ projectId: project, id: `told ${at}` }));
  await touchIds(test.engine, noted);
  expect(await readJoins(project)).toMatchObject({ from: 'person_joins' });
  await store();
  expect(await readJoins(project)).toMatchObject({ from: 'stored_joins' });
  await touchIds(test.engine, [{ projectId: project, id: '' }]);
  expect(await readJoins(project)).toMatchObject({ from: 'person_joins' });
  await store();
  expect(await readJoins(project)).toMatchObject({ from: 'stored_joins' });
  await test.engine.run({
    sql: "ALTER TABLE stored_joins_state UPDATE whole = now64(3) - INTERVAL 49 HOUR WHERE project_id = 'prj_whole' SETTINGS mutations_sync = 2",
    params: {},
  });
  expect(await readJoins(project)).toMatchObject({ from: 'person_joins' });
});

it('mend an id that thousands of ids were ever claimed with', async () => {
  const project = 'prj_thousands';
  await deliver(many(project, 3, 'anna'));
  await store();
  await deliver(Array.from({ length: 3_000 }, (_, at) => identify(project, 'a0', `user ${at}`)));
  expect(await readJoins(project)).toMatchObject({ from: 'stored_joins' });
});
