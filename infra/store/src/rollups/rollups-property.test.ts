import { type EventRow, type Question, questionSchema } from '@px-platform/schemas';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openEmbeddedTestStore, type TestStore } from '../../test/open-test-store.ts';
import { askEvents, askMade } from '../../test/rollups/ask-events.ts';
import { type InterruptedEngine, toInterruptedEngine } from '../../test/rollups/interrupted-engine.ts';
import { referCounts } from '../../test/rollups/reference-counts.ts';
import { sampleId, sampleRow } from '../../test/sample-row.ts';
import { createClickHouseEventStore } from '../clickhouse-event-store.ts';
import type { EventStore, RowBatch } from '../event-store.ts';
import { createClickHouseRollupStore } from './clickhouse-rollup-store.ts';
import type { RollupMaker, RollupStore } from './rollup-store.ts';

/** A run is up to 14 steps of some ten statements each. It ends at the first that fails, since a shorter one takes minutes to find. */
const numRuns = 3;
const hourMs = 3_600_000;
const start = Date.UTC(2026, 4, 1, 20);
const logId = 'log-a';
const range = { from: start - 48 * hourMs, to: start + 48 * hourMs };
const iso = (at: number): string => new Date(at).toISOString();

let test: TestStore;
let engine: InterruptedEngine;
let store: EventStore;
let rollups: RollupStore & RollupMaker;
/** The same of another process, over a connection that nothing interrupts. */
let other: { store: EventStore; rollups: RollupStore & RollupMaker };
let now = 0;
beforeAll(async () => {
  test = await openEmbeddedTestStore();
  engine = toInterruptedEngine(test.engine);
  const clock = (): number => now;
  store = createClickHouseEventStore(engine, clock);
  rollups = createClickHouseRollupStore(engine, clock, async () => undefined);
  other = {
    store: createClickHouseEventStore(test.engine, clock),
    rollups: createClickHouseRollupStore(test.engine, clock, async () => undefined),
  };
});
afterAll(() => test.store.close());

const few = <const T extends string>(...values: T[]): fc.Arbitrary<T> => fc.constantFrom(...values);
const event = fc.record({
  event: few('page_view', 'page_view', 'click', "o'clock", 'scroll', 'identify'),
  path: few('/', '/a', '/ü', ''),
  channel: few('direct', 'email'),
  country: few('DE', ''),
  device: few('desktop', 'mobile'),
  person_key: few('anna', 'ben', 'eve', ''),
  user_id: few('', '', 'user-1', 'user-2', 'anonymous'),
  session_id: few(sampleId(1), sampleId(2), sampleId(3)),
  browser: few('Firefox', 'Firefox', 'Chrome'),
  is_bot: fc.boolean(),
  engaged_ms: fc.constantFrom(400, 9_999, '6000', -5),
  /** Of 30 hours over two midnights, of which most events lie in few. */
  hour: fc.oneof(fc.integer({ min: 0, max: 2 }), fc.integer({ min: -15, max: 14 })),
  /** Many share their millisecond. */
  minute: fc.constantFrom(0, 0, 0, 1, 59),
});
/** At a statement, the process is killed, or another one does its work in between. */
const interrupt = fc.option(
  fc.record({ at: fc.integer({ min: 1, max: 11 }), when: few('before', 'after'), how: few('kill', 'meet') }),
  { freq: 4 },
);
const events = fc.array(event, { minLength: 1, maxLength: 25 });
const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: few('deliver'), events, interrupt }) },
  // Events of before once more, in other company and at another place of the log.
  { weight: 2, arbitrary: fc.record({ kind: few('resend'), every: fc.integer({ min: 1, max: 4 }), interrupt }) },
  { weight: 4, arbitrary: fc.record({ kind: few('make'), events, interrupt }) },
  { weight: 1, arbitrary: fc.record({ kind: few('purge'), person: few('anna', 'ben', 'eve') }) },
  { weight: 1, arbitrary: fc.record({ kind: few('rebuild'), interrupt }) },
  // Changes who is who, and no hour.
  {
    weight: 1,
    arbitrary: fc.record({ kind: few('decide'), id: few('user-1', 'user-2', 'anna'), decision: few('block', 'clear') }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

it('tells of any history what the events tell: delivered late, twice, re-cut, purged, with crashes between statements', async () => {
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 6, maxLength: 14, size: 'max' }), async (steps) => {
      run += 1;
      const project = `prj_rolled_${run}`;
      const rows: EventRow[] = [];
      now = start;
      for (const one of steps) {
        now += Math.round((20 * hourMs) / steps.length);
        await take(project, rows, one);
        expect(await readSeries(project)).toEqual(toSeries(rows));
        for (const question of ofSessions.filter((_, at) => at % 6 === asked % 6)) {
          const made = await askMade(test.engine, project, question);
          // Where most of its hours are stale, the events are read.
          if (made === null) continue;
          answered += 1;
          expect([question, made]).toEqual([question, await askEvents(test.engine, project, question)]);
        }
        asked += 1;
      }
      now = range.to + 24 * hourMs;
      await rollups.makeRound(round);
      expect(await rollups.progress(project, range)).toMatchObject({ waiting: 0 });
      expect(await readRollups(project)).toEqual(referCounts(rows));
      expect(await rollups.check(project, range)).toEqual({ checked: 96, stale: 0, differences: [] });
    }),
    { numRuns, endOnFailure: true },
  );
  expect(answered).toBeGreaterThan(asked);
});

const round = {
  aborted: new AbortController().signal,
  onError: (error: unknown) => {
    throw error;
  },
};
let ids = 0;

/** Does one step; where it is killed, does what a processor or maker does that starts anew. */
async function take(project: string, rows: EventRow[], one: Step): Promise<void> {
  switch (one.kind) {
    case 'deliver': {
      const made = one.events.map((own) => toRow(project, own));
      rows.push(...made);
      return deliver(made, one.interrupt);
    }
    case 'resend':
      return deliver(
        rows.filter((_, at) => at % one.every === 0),
        one.interrupt,
      );
    case 'make': {
      const made = one.events.map((own) => toRow(project, own));
      const meet = async (): Promise<void> => {
        rows.push(...made);
        await other.store.insert(place(made));
      };
      return interrupted(one.interrupt, { call: () => rollups.makeRound(round), meet });
    }
    case 'rebuild':
      return interrupted(one.interrupt, { call: () => rollups.rebuild(project, range), meet: makeElsewhere });
    case 'decide':
      return test.identity.decide([
        { projectId: project, id: one.id, decision: one.decision, decidedAt: now, decidedBy: 'op', note: '' },
      ]);
    case 'purge': {
      const sql = 'DELETE FROM events WHERE project_id = {project:String} AND person_key = {person:String}';
      await test.engine.run({ sql, params: { project, person: one.person } });
      rows.splice(0, rows.length, ...rows.filter((row) => row.person_key !== one.person));
      await rollups.rebuild(project, range);
    }
  }
}

/** Both ends cut an hour, some sessions, and some that go on beyond. */
const cut = { from: iso(start - 10 * hourMs - 60_000), to: iso(start + 3 * hourMs + 60_000) };
const week = { from: iso(range.from), to: iso(range.to), timezone: 'Europe/Berlin' };
const firefox = { field: 'browser', op: 'eq', value: 'Firefox' };
const noBot = { field: 'is_bot', op: 'ne', value: true };
const ofSessions: readonly Question[] = [
  { question: 'overview', ...week },
  { question: 'overview', ...cut, filters: [firefox] },
  { question: 'overview', ...cut, measures: ['visitors', 'events'] },
  { question: 'entry_pages', ...week },
  { question: 'entry_pages', ...cut, filters: [{ op: 'any', filters: [firefox, { ...noBot, field: 'country' }] }] },
  { question: 'exit_pages', ...week, filters: [noBot] },
  { question: 'exit_pages', ...cut, limit: 2 },
  { question: 'sources', ...week },
  { question: 'sources', ...cut, by: 'utm_source', filters: [{ field: 'os', op: 'is_set' }] },
  { question: 'timeseries', ...week },
  { question: 'timeseries', ...cut, interval: 'hour', by: 'country' },
  { question: 'breakdown', ...cut, by: 'is_bot', filters: [firefox] },
].map((question) => questionSchema.parse(question));
let asked = 0;
let answered = 0;

const makeElsewhere = (): Promise<unknown> => other.rollups.makeRound(round);

async function deliver(made: readonly EventRow[], how: Interrupt): Promise<void> {
  if (made.length === 0) return;
  const batch = place(made);
  await interrupted(how, {
    call: () => store.insert(batch),
    meet: makeElsewhere,
    async recover() {
      // A processor that starts anew reads the same range and leaves out what the store holds of it.
      const held = await store.heldOf({ logId, partition: 0, fromOffset: batch.firstOffset });
      const missing = batch.rows.filter((row) => !held.has(`${row._offset}:0:${row.event_id}`));
      await store.insert({ ...batch, rows: missing, isWhole: held.size === 0 });
    },
  });
}

let offset = 0;
/** Puts rows at the end of the log. */
function place(made: readonly EventRow[]): RowBatch {
  const firstOffset = offset;
  offset += made.length;
  const rows = made.map((row, at) => ({ ...row, _offset: firstOffset + at }));
  return { logId, partition: 0, firstOffset, lastOffset: offset - 1, rows, isWhole: true };
}

type Interrupt = { readonly at: number; readonly when: 'before' | 'after'; readonly how: 'kill' | 'meet' } | null;
class Killed extends Error {}

async function interrupted(
  interrupt: Interrupt,
  {
    call,
    meet,
    recover = call,
  }: { call: () => Promise<unknown>; meet: () => Promise<unknown>; recover?: () => Promise<unknown> },
): Promise<void> {
  const kill = (): Promise<never> => Promise.reject(new Killed());
  if (interrupt !== null) engine.interruptAt(interrupt.at, interrupt.when, interrupt.how === 'kill' ? kill : meet);
  try {
    await call();
  } catch (error) {
    if (!(error instanceof Killed)) throw error;
    await recover();
  } finally {
    engine.goOn();
  }
}

function toRow(
  project: string,
  { hour, minute, engaged_ms, ...own }: typeof event extends fc.Arbitrary<infer T> ? T : never,
): EventRow {
  ids += 1;
  const timestamp = start + hour * hourMs + minute * 60_000;
  const day = new Date(timestamp).toISOString().slice(0, 10);
  return sampleRow({
    project_id: project,
    event_id: sampleId(ids),
    ...own,
    ...(own.person_key === '' ? { user_id: '', session_id: '00000000-0000-0000-0000-000000000000' } : {}),
    anonymous_id: own.person_key,
    properties: own.event === 'scroll' ? { engaged_ms } : {},
    utm_source: own.channel === 'email' ? own.path : '',
    timestamp,
    day,
    _log: logId,
  });
}

async function readSeries(project: string): Promise<unknown[][]> {
  const question = {
    question: 'timeseries',
    from: iso(range.from + 60_000),
    to: iso(range.to),
    timezone: 'UTC',
    interval: 'hour',
    by: 'path',
    filters: [],
    limit: 10_000,
    measures: ['events'],
  } as const;
  const { rows } = await test.reader.ask(project, { ...question, filters: [], measures: ['events'] });
  return rows;
}

function toSeries(rows: readonly EventRow[]): unknown[][] {
  const counts = referCounts(rows).filter(([, dimension]) => dimension === 'path');
  const groups = Map.groupBy(counts, ([hour, , , path]) => JSON.stringify([hour, path]));
  return [...groups]
    .map(([key, of]) => [...JSON.parse(key), of.reduce((sum, count) => sum + Number(count[4]), 0)])
    .sort(
      ([a, pathA, countA], [b, pathB, countB]) =>
        a - b || countB - countA || Buffer.compare(Buffer.from(pathA), Buffer.from(pathB)),
    )
    .map(([hour, path, count]) => [iso(hour).replace('.000Z', 'Z'), path, count]);
}

async function readRollups(project: string): Promise<unknown[][]> {
  const { rows } = await test.engine.ask({
    sql: `SELECT toUnixTimestamp64Second(hour) * 1000, dimension, count.1, count.2, count.3
      FROM (SELECT hour, dimension, arrayJoin(arrayZip(counts.event, counts.value, counts.events)) AS count FROM rollups FINAL WHERE project_id = {project:String})
      SETTINGS output_format_json_quote_64bit_integers = 0`,
    params: { project },
  });
  return rows.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}
