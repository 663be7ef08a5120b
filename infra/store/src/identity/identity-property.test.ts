import type { EventRow } from '@px-platform/schemas';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { playIdentity } from '../../test/identity-model.ts';
import { openEmbeddedTestStore, type TestStore } from '../../test/open-test-store.ts';
import { sampleId, sampleRow } from '../../test/sample-row.ts';
import { joinedPerson, personId as lookedUpBy, person, toPersonOf } from '../queries/measures.ts';
import { personId } from '../queries/person-id.ts';
import { askJoins, toJoined, toJoins, toJoinsOfPerson } from './joins/ask-joins.ts';
import { createJoinsMaker } from './joins/joins-maker.ts';

/** A run is up to 160 events and three questions of the real engine. It ends at the first that fails, since a shorter one takes minutes to find. */
const numRuns = 5;

let test: TestStore;
beforeAll(async () => {
  test = await openEmbeddedTestStore();
});
afterAll(() => test.store.close());

/** Few ids, of which some are used both as a visitor's and as a user's, so that they meet in every way. */
const visitor = fc.constantFrom('a1', 'a2', 'a3', 'x1', 'x2');
const user = fc.constantFrom('u1', 'u2', 'u3', 'x1', 'x2');
/** Circles of acquaintances in one project, whose ids never meet: a question answers for all of them at once. */
const circle = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h');
/** Few instants, so that many events are at the same one. */
const second = fc.integer({ min: 0, max: 9 });
const property = fc.constantFrom('plan', 'team');
const bag = fc.dictionary(property, fc.constantFrom<unknown>('free', 'pro', 3, true, null, ['a'], { b: 1 }), {
  maxKeys: 2,
});
const changes = fc.record(
  { $set: bag, $set_once: bag, $unset: fc.array(property, { maxLength: 1 }) },
  { requiredKeys: [] },
);
const act = fc.oneof(
  fc.record({ event: fc.constant('page_view'), anonymous_id: visitor, second, properties: changes }),
  fc.record({ event: fc.constant('page_view'), anonymous_id: visitor, user_id: user, second }),
  fc.record({ event: fc.constant('identify'), anonymous_id: visitor, user_id: user, second, traits: changes }),
  fc.record({
    event: fc.constant('alias'),
    user_id: user,
    second,
    properties: fc.record({ previous_id: fc.oneof(visitor, user) }),
  }),
);
const history = fc.array(fc.tuple(circle, act).map(toStep), { minLength: 1, maxLength: 160, size: 'max' });

it('makes the same persons of a history in any order, delivered once or again, as one who saw it in its time', async () => {
  let run = 0;
  const deliveries = history.chain((steps) => {
    const places = steps.map((_, at) => at);
    return fc.record({
      steps: fc.constant(steps),
      order: fc.shuffledSubarray(places, { minLength: places.length }),
      again: fc.array(fc.constantFrom(...places), { maxLength: 40 }),
      cut: fc.nat({ max: places.length }),
    });
  });
  await fc.assert(
    fc.asyncProperty(deliveries, async ({ steps, order, again, cut }) => {
      run += 1;
      const project = `prj_play_${run}`;
      const rows = steps.map((own, at) => toRow(project, at, own));
      const delivered = [...order.slice(0, cut), ...again, ...order.slice(cut)].flatMap((at) => rows[at] ?? []);
      await deliver(delivered.slice(0, cut));
      await storeJoins();
      await deliver(delivered.slice(cut));

      const model = playIdentity(rows);
      expect(await readPersons(project)).toEqual(rows.map((row) => [row.event_id, model.personOf(row)]));
      const firstOf = (row: EventRow) => rows.find((one) => model.personOf(one) === model.personOf(row))?.event_id;
      const asked = rows.map((row) => [row.event_id, firstOf(row)]);
      // Of what was stored half way and mended, of what is stored now, and of what nothing is stored of.
      expect(await readAsked(project, /joins/)).toEqual(asked);
      await storeJoins();
      expect(await readAsked(project, /stored_joins|WHERE false/)).toEqual(asked);
      const someone = rows.flatMap((row) => [row.anonymous_id, row.user_id]).filter((id) => id !== '');
      for (const id of new Set(someone.slice(0, 6))) {
        expect(await readEventsOf(id, project, toJoinsOfPerson)).toEqual(await readEventsOf(id, project, toJoins));
      }
      await forgetJoins();
      expect(await readAsked(project, /person_joins|WHERE false/)).toEqual(asked);
      for (const [source, id, userId, outcome] of await readMerges(project)) {
        const expected = model.outcomeOf(String(source), String(id), String(userId));
        expect([source, id, userId, outcome]).toEqual([source, id, userId, expected]);
      }
      for (const [person, properties] of await readProperties(project)) {
        expect(JSON.parse(String(properties))).toEqual(model.propertiesOf(String(person)));
      }
    }),
    { numRuns, endOnFailure: true },
  );
});

let offset = 0;
async function deliver(rows: readonly EventRow[]): Promise<void> {
  if (rows.length === 0) return;
  const firstOffset = offset;
  offset += rows.length;
  const placed = rows.map((row, at) => ({ ...row, _offset: firstOffset + at }));
  await test.store.insert({ logId: 'log-a', partition: 0, firstOffset, lastOffset: offset - 1, rows: placed });
}

const ask = async (sql: string, project: string): Promise<unknown[][]> =>
  (await test.engine.ask({ sql, params: { project } })).rows;
const readPersons = (project: string): Promise<unknown[][]> =>
  ask(
    `SELECT DISTINCT toString(event_id) AS id, ${personId.sql} AS person FROM events\n${personId.join}\nWHERE project_id = {project:String} ORDER BY id`,
    project,
  );
/** The persons of questions, which know them as hashes, looked up or joined: of those of one hash, the first event's id. */
async function readAsked(project: string, from: RegExp): Promise<unknown[][]> {
  const source = await askJoins(test.engine, project);
  const joins = toJoins(source);
  expect(joins.sql).toMatch(from);
  const { rows } = await test.engine.ask({
    sql: `${joins.sql}
SELECT toString(event_id) AS id, min(id) OVER (PARTITION BY ${person}) FROM events FINAL
WHERE project_id = {project:String} ORDER BY id`,
    params: { project, ...joins.params },
  });
  const joined = await test.engine.ask({
    sql: `${toJoined(source).sql}
SELECT id, min(id) OVER (PARTITION BY person) FROM (
    SELECT toString(event_id) AS id, ${joinedPerson} AS person FROM events FINAL LEFT ANY JOIN joined ON joined.id_hash = ${lookedUpBy}
    WHERE project_id = {project:String}) ORDER BY id`,
    params: { project, ...joins.params },
  });
  expect(joined.rows).toEqual(rows);
  return rows;
}
/** The events of whom an id names, by all joins or by those that concern them. */
async function readEventsOf(id: string, project: string, toWith: typeof toJoins): Promise<unknown[][]> {
  const joins = toWith(await askJoins(test.engine, project));
  const asked = toPersonOf('cityHash64({person:String})').replaceAll('person_key_hash', 'cityHash64({person:String})');
  const { rows } = await test.engine.ask({
    sql: `${joins.sql}
SELECT toString(event_id) AS id FROM events FINAL WHERE project_id = {project:String} AND ${person} = ${asked} ORDER BY id`,
    params: { project, person: id, ...joins.params },
  });
  return rows;
}
/** Nothing is under way here that could be seen late. */
const storeJoins = (): Promise<number> =>
  createJoinsMaker(test.engine, 0).makeRound({
    aborted: new AbortController().signal,
    onError: (error) => expect.unreachable(String(error)),
  });
const forgetJoins = (): Promise<void> => test.engine.run({ sql: 'TRUNCATE TABLE stored_joins_state', params: {} });
const readMerges = (project: string): Promise<unknown[][]> =>
  ask('SELECT source, id, user_id, outcome FROM person_merges(project = {project:String})', project);
const readProperties = (project: string): Promise<unknown[][]> =>
  ask('SELECT person_id, properties FROM persons(project = {project:String})', project);

type Step = Partial<EventRow> & { readonly second: number };

/** Puts an act into its circle: every id bears the circle's name. */
function toStep([name, act]: [string, Step]): Step {
  const inside = (id: unknown): string => `${name}-${id}`;
  const { anonymous_id, user_id, properties } = act;
  return {
    ...act,
    ...(anonymous_id === undefined ? {} : { anonymous_id: inside(anonymous_id) }),
    ...(user_id === undefined ? {} : { user_id: inside(user_id) }),
    ...(properties?.['previous_id'] === undefined
      ? {}
      : { properties: { previous_id: inside(properties['previous_id']) } }),
  };
}

function toRow(project: string, at: number, { second, ...own }: Step): EventRow {
  const anonymous_id = own.anonymous_id ?? '';
  return sampleRow({
    project_id: project,
    event_id: sampleId(at),
    timestamp: Date.UTC(2026, 4, 1) + second * 1_000,
    ...own,
    anonymous_id,
    person_key: anonymous_id || (own.user_id ?? ''),
  });
}
