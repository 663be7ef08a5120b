import { rmSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, expect, it } from 'vitest';
import { findFreePort } from '../../infra/runtime/test/find-free-port.ts';
import { compareRows, type LedgerRow } from '../soak/ledger/compare-rows.ts';
import { toContent } from '../soak/load/to-content.ts';
import { makeDataDir } from '../src/data-dir.ts';
import { createRandom, makeHistory, type PersonHistory } from '../src/history.ts';
import { createTally, sendHistory } from '../src/retrying-client.ts';
import {
  type ExportedRow,
  exportRows,
  makeServerKey,
  type StandaloneProcess,
  startProcess,
  untilDrained,
} from '../src/standalone-process.ts';

const kills = 20;
const seed = `kill-${Date.now()}`;
const dayMs = 24 * 60 * 60 * 1000;
/** The processor is nice: on a machine that others use too it gets what they leave. */
const drainWithinMs = 180_000;
const folders: string[] = [];
const evenly = () => 0.5;
const restless = () => 0;
// Small batches and no wait: many inserts and commits to be killed between.
const env = { BATCH_SIZE: '200', FLUSH_INTERVAL_MS: '20', LOG_PARTITIONS: '2', DRAIN_TIMEOUT_MS: '60000' };

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

it(
  'stores what it acknowledged once, in the right sessions, through 20 kills at random moments',
  async () => {
    const random = createRandom(seed);
    const history = makeHistory({ seed, persons: 40, batchesPerPerson: 60, eventsPerBatch: 8, endAt: Date.now() });
    const dataDir = makeFolder();
    const port = await findFreePort();
    const tally = createTally();

    let running = await startProcess({ dataDir, port, env });
    const sending = { done: false };
    let killed = 0;
    // Once nobody is killed any more, nobody rests any more.
    const clients = sendAll(history, running, tally, random, () => (killed < kills ? 1_800 : 0)).finally(() => {
      sending.done = true;
    });
    while (killed < kills) {
      await wait(random() * 1_800);
      await running.kill();
      killed += 1;
      running = await startProcess({ dataDir, port, env });
    }
    const wereSendingToTheEnd = !sending.done;
    await clients;
    await untilDrained(running, drainWithinMs);
    const key = await makeServerKey(running);
    const rows = await exportRows(running, key);
    expect(await running.stop()).toBe(0);

    const events = history.flatMap((person) => person.batches.flat());
    const sent = events.map((event) => event.event_id);
    process.stdout.write(
      `\nexactly once (seed ${seed}): ${killed} kills, ${sent.length} events, ${tally.requests} requests, ${tally.resends} resends, ${rows.length} rows\n`,
    );
    expect(wereSendingToTheEnd).toBe(true);
    expect(new Set(tally.acknowledged.keys())).toEqual(new Set(sent));
    const books = { ...tally, sent: new Map(events.map((event) => [String(event.event_id), toContent(event)])) };
    expect(await compareRows(books, rows.map(toLedgerRow))).toMatchObject({
      rows: sent.length,
      lost: [],
      doubled: [],
      neverSent: [],
      altered: [],
      replaced: [],
    });

    expect(toSessions(rows)).toEqual(toSessions(await runWithoutKills(history)));

    const again = await resendADayLater({ dataDir, port, history });
    expect(again.accepted).toBeGreaterThan(1_000);
    expect(again.rows.map((row) => row['event_id']).sort()).toEqual([...sent].sort());
  },
  12 * 60_000,
);

function toLedgerRow(row: ExportedRow): LedgerRow {
  const { event_id, request_id, anonymous_id, event, properties } = row;
  const content = toContent({ anonymous_id, event, properties: Object(properties) });
  return { eventId: String(event_id), requestId: String(request_id), content };
}

/** The events of each session: two runs agree where the same events stand together. */
function toSessions(rows: readonly ExportedRow[]): string[] {
  const sessions = new Map<string, string[]>();
  for (const row of rows) {
    const id = String(row['session_id']);
    sessions.set(id, [...(sessions.get(id) ?? []), String(row['event_id'])]);
  }
  return [...sessions.values()].map((events) => events.sort().join(' ')).sort();
}

async function runWithoutKills(history: readonly PersonHistory[]): Promise<ExportedRow[]> {
  const running = await startProcess({ dataDir: makeFolder(), port: await findFreePort(), env });
  await sendAll(history, running, createTally(), evenly, restless);
  await untilDrained(running, drainWithinMs);
  const rows = await exportRows(running, await makeServerKey(running));
  await running.stop();
  return rows;
}

async function resendADayLater(options: {
  dataDir: string;
  port: number;
  history: readonly PersonHistory[];
}): Promise<{ accepted: number; rows: ExportedRow[] }> {
  const { dataDir, port, history } = options;
  const running = await startProcess({ dataDir, port, env, clockOffsetMs: dayMs });
  const tally = createTally();
  const part = history.map((person) => ({ ...person, batches: person.batches.slice(0, 10) }));
  await sendAll(part, running, tally, evenly, restless);
  await untilDrained(running, drainWithinMs);
  const rows = await exportRows(running, await makeServerKey(running));
  await running.stop();
  return { accepted: tally.acknowledged.size, rows };
}

async function sendAll(
  history: readonly PersonHistory[],
  { url, apiKey }: StandaloneProcess,
  tally: ReturnType<typeof createTally>,
  random: () => number,
  pauseMs: () => number,
): Promise<void> {
  await Promise.all(history.map((person) => sendHistory(person, { url, apiKey, tally, random, pauseMs })));
}

function makeFolder(): string {
  const folder = makeDataDir('e2e');
  folders.push(folder);
  return folder;
}
