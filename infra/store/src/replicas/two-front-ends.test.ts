import { systemClock } from '@px-platform/runtime';
import { questionSchema } from '@px-platform/schemas';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type FrontEnd, type FrontEndFault, openFrontEnd } from '../../test/front-end.ts';
import { openServerTestStore } from '../../test/open-test-store.ts';
import { sampleId, sampleRow } from '../../test/sample-row.ts';
import { startTestServer } from '../../test/start-test-server.ts';
import type { RowBatch } from '../event-store.ts';
import { openServerStore } from '../open-server.ts';
import type { OpenStore } from '../open-store.ts';
import type { ReplicaTelemetry } from './replica.ts';

const engine = await openServerTestStore();
const fronts = [await openFrontEnd(engine.url), await openFrontEnd(engine.url)] as const;
const urls = fronts.map(({ url }) => url);
// One that hangs says nothing however long it is waited for; the engine, which does one thing at a time, may take a while.
const pace = { probeAfterMs: 200, probeTimeoutMs: 4_000, firstPauseMs: 20, maxPauseMs: 200 };
const turns: string[] = [];
let used = '';
const telemetry: ReplicaTelemetry = {
  used(name) {
    used = name;
    turns.push(`used ${name}`);
  },
  left: (name) => void turns.push(`left ${name}`),
  returned: (name) => void turns.push(`returned ${name}`),
};
let open: OpenStore;
beforeAll(async () => {
  open = await openServerStore({ urls, clock: systemClock, pace, telemetry, requestTimeoutMs: 20_000 });
});
afterAll(async () => {
  await open.store.close();
  for (const front of fronts) await front.kill();
  await engine.store.close();
});
afterEach(async () => {
  for (const front of fronts) {
    front.fail(null);
    await front.kill();
    await front.start();
  }
  await expect.poll(() => open.checkReplicas().then(() => 'all are there')).toBe('all are there');
  turns.length = 0;
});

/** The front end in use, and the other. */
function sides(): { one: FrontEnd; other: FrontEnd } {
  const [first, second] = fronts;
  return used === first.name ? { one: first, other: second } : { one: second, other: first };
}

let partition = 0;
/** Ten rows of two months, which are two parts, in a partition of their own. */
function makeBatch(): RowBatch {
  partition += 1;
  const rows = Array.from({ length: 10 }, (_, at) =>
    sampleRow({
      project_id: `prj_fronts_${partition}`,
      event_id: sampleId(partition * 100 + at),
      day: `2026-1${at % 2}-01`,
      _log: 'log-fronts',
      _partition: partition,
      _offset: at,
    }),
  );
  return { logId: 'log-fronts', partition, firstOffset: 0, lastOffset: 9, rows };
}

/** Rows as they lie there, copies and all, how many events these are, and how many the sessions have. */
async function count(batch: RowBatch): Promise<unknown> {
  const { rows } = await engine.engine.ask({
    sql: `
SELECT count(), uniqExact(event_id), (SELECT sum(events) FROM sessions_v WHERE project_id = {project:String})
FROM events
WHERE project_id = {project:String}`,
    params: { project: `prj_fronts_${batch.partition}` },
  });
  return rows[0]?.map(Number);
}

const question = questionSchema.parse({
  question: 'timeseries',
  from: '2026-01-01T00:00:00Z',
  to: '2027-01-01T00:00:00Z',
});

it('stays at one front end while that does its work', async () => {
  const { one, other } = sides();
  const before = other.taken('');
  for (let at = 0; at < 3; at += 1) await open.store.insert(makeBatch());
  await open.reader.ask(`prj_fronts_${partition}`, question);
  expect(other.taken('')).toBe(before);
  expect(one.taken('INSERT INTO events')).toBeGreaterThanOrEqual(3);
});

const faults: [string, FrontEndFault][] = [
  ['answers 503 to all', { kind: 'refuses', part: '', status: 503 }],
  ['takes no inserts: its tables are read-only', { kind: 'refuses', part: 'INSERT', status: 500, code: 242 }],
  ['takes no inserts: it has too many parts', { kind: 'refuses', part: 'INSERT', status: 500, code: 252 }],
  ['has lost its Keeper', { kind: 'refuses', part: 'INSERT', status: 500, code: 999 }],
  ['does the insert of events and loses the answer', { kind: 'loses_answers', part: 'INSERT INTO events' }],
  [
    'has the rows, and goes before sessions are derived',
    { kind: 'refuses', part: 'INSERT INTO sessions', status: 502 },
  ],
  ['derives sessions and loses the answer', { kind: 'loses_answers', part: 'INSERT INTO sessions' }],
  ['does what it is told and loses every answer', { kind: 'loses_answers', part: '' }],
  ['hangs', { kind: 'hangs' }],
];

describe('a batch is stored once, and questions go on, where a front end', () => {
  it.each(faults)('%s', async (_, fault) => {
    const { one, other } = sides();
    const batch = makeBatch();
    one.fail(fault);
    await open.store.insert(batch);
    expect(await count(batch)).toEqual([10, 10, 10]);
    expect(used).toBe(other.name);
    expect((await open.reader.ask(`prj_fronts_${partition}`, question)).rows.length).toBeGreaterThan(0);
    // What hung is done late, what was cut off is tried again by its caller.
    one.fail(null);
    await open.store.insert(batch);
    expect(await count(batch)).toEqual([10, 10, 10]);
    expect([
      ...(await open.store.heldOf({ logId: batch.logId, partition: batch.partition, fromOffset: 0 })),
    ]).toHaveLength(10);
  });

  it('is killed before it, and comes back', async () => {
    const { one, other } = sides();
    await one.kill();
    const batch = makeBatch();
    await open.store.insert(batch);
    expect(await count(batch)).toEqual([10, 10, 10]);
    expect(turns).toEqual([`left ${one.name}`, `used ${other.name}`]);
    await expect(open.checkReplicas()).rejects.toMatchObject({
      code: 'store_unavailable',
      message: expect.stringContaining(`1 are away or refuse (${one.name})`),
    });
    await one.start();
    await expect.poll(() => open.reader.ping().then(() => turns)).toContain(`returned ${one.name}`);
    await open.checkReplicas();
    // It is used again when the other one goes.
    await other.kill();
    await open.store.insert(makeBatch());
    expect(used).toBe(one.name);
  });

  it('is killed in the middle of it', async () => {
    const { one } = sides();
    const batch = makeBatch();
    const before = one.taken('');
    one.fail({ kind: 'hangs' });
    const storing = open.store.insert(batch);
    await expect.poll(() => one.taken('')).toBeGreaterThan(before);
    await one.kill();
    await storing;
    expect(await count(batch)).toEqual([10, 10, 10]);
  });
});

it('fails while both are away, and stores once when they are back', async () => {
  const { one, other } = sides();
  const batch = makeBatch();
  one.fail({ kind: 'loses_answers', part: 'INSERT INTO events' });
  other.fail({ kind: 'loses_answers', part: 'INSERT INTO events' });
  await expect(open.store.insert(batch)).rejects.toMatchObject({
    code: 'store_unavailable',
    message: expect.stringContaining('Of the 2 servers of CLICKHOUSE_URL, 2 are away or refuse'),
  });
  await one.kill();
  await other.kill();
  await expect(open.reader.ping()).rejects.toMatchObject({ code: 'store_unavailable' });
  one.fail(null);
  other.fail(null);
  await other.start();
  await open.store.insert(batch);
  expect(await count(batch)).toEqual([10, 10, 10]);
  expect(used).toBe(other.name);
  await one.start();
});

it('does not leave a front end for what is wrong with the statement', async () => {
  const { one } = sides();
  one.fail({ kind: 'refuses', part: 'INSERT', status: 500, code: 27 });
  await expect(open.store.insert(makeBatch())).rejects.toMatchObject({ code: 'store_refused_rows' });
  one.fail({ kind: 'refuses', part: 'INSERT', status: 500, code: 47 });
  await expect(open.store.insert(makeBatch())).rejects.toMatchObject({ code: 'store_unavailable' });
  expect(turns).toEqual([]);
});

describe('servers with rows of their own', async () => {
  const stranger = await startTestServer();
  afterAll(() => stranger.stop());

  it('are refused at the start', async () => {
    await expect(openServerStore({ urls: [engine.url, stranger.url], clock: systemClock, pace })).rejects.toMatchObject(
      {
        code: 'config_invalid',
        message: expect.stringMatching(/two servers with rows of their own: set CLICKHOUSE_CLUSTER/),
      },
    );
  });

  it('are not written when one stands where a replica was', async () => {
    const { one, other } = sides();
    await one.kill();
    await open.store.insert(makeBatch());
    one.pointTo(stranger.url);
    await one.start();
    await other.kill();
    const before = one.taken('INSERT');
    await expect(open.store.insert(makeBatch())).rejects.toMatchObject({ code: 'store_unavailable' });
    await expect(open.checkReplicas()).rejects.toThrow(one.name);
    expect(one.taken('INSERT')).toBe(before);
    one.pointTo(engine.url);
    await other.start();
  });
});

it('starts with those that are there, and says so where none is', async () => {
  const { one, other } = sides();
  await one.kill();
  const second = await openServerStore({ urls, clock: systemClock, pace });
  await second.reader.ping();
  await second.store.close();
  await other.kill();
  await expect(openServerStore({ urls, clock: systemClock, pace })).rejects.toMatchObject({
    code: 'store_unavailable',
  });
  await one.start();
  await other.start();
});
