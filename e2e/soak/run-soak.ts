import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { findFreePort } from '../../infra/runtime/test/find-free-port.ts';
import { createRandom } from '../src/history.ts';
import { type ClientTally, createTally, sendHistory } from '../src/retrying-client.ts';
import { type StandaloneProcess, startProcess, untilDrained } from '../src/standalone-process.ts';
import { findFolders } from './kills/find-folders.ts';
import { type KillRecord, killOne } from './kills/kill-one.ts';
import { planKills } from './kills/plan-kills.ts';
import { type PartWatch, watchParts } from './kills/watch-parts.ts';
import { type Ledger, makeLedger } from './ledger/make-ledger.ts';
import { makeVisit } from './load/make-visit.ts';
import { readDepth } from './load/read-depth.ts';
import { toContent } from './load/to-content.ts';

/** How much is asked of a soak. */
export interface SoakOptions {
  readonly kills: number;
  readonly events: number;
  /** After so long nothing more is sent or killed; the ledger is made all the same. */
  readonly minutes: number;
  readonly seed: string;
  /** Settings of the processes beside the soak's own. */
  readonly env: Readonly<Record<string, string>>;
  readonly say: (line: string) => void;
}

/** What came of it. */
export interface SoakResult {
  readonly kills: readonly KillRecord[];
  readonly tally: ClientTally;
  readonly ledger: Ledger;
  readonly minutes: number;
}

const clients = 40;
/** Records that may wait in the log before the clients rest: processing must come along, or kills fall into its first batch alone. */
const maxWaitingRecords = 200;
const drainTimeoutMs = 15 * 60_000;
/** Rest between two batches of a client, on average half of it. */
const restMs = 300;
/**
 * Small batches that wait for little, so that storing is under way most of the time, and a window that ends, so that resends
 * and offline events are looked up in the store.
 */
const soakEnv = { BATCH_SIZE: '1000', FLUSH_INTERVAL_MS: '50', DEDUPE_WINDOW_MS: '120000', DRAIN_TIMEOUT_MS: '120000' };

/**
 * Runs a standalone under a steady load and kills its processes over and over, evenly over the events; then lets it
 * work off what waits, ends it, and makes the ledger on its folder.
 */
export async function runSoak(options: SoakOptions): Promise<SoakResult> {
  const startedAt = performance.now();
  const dataDir = mkdtempSync(join(tmpdir(), 'px-soak-'));
  const port = await findFreePort();
  const start = () => startProcess({ dataDir, port, env: { ...soakEnv, ...options.env } });
  try {
    const store = join(dataDir, 'store');
    await (await start()).stop();
    const watch = watchParts(await findFolders(store));
    const run = createRun(options, startedAt);
    let running: StandaloneProcess | null = await start();
    try {
      const sending = run.send(running);
      // Heard of below; a client that is refused must not end the process before.
      sending.catch(() => undefined);
      running = await run.killAll(running, start, watch);
      await sending;
      options.say('all is sent and acknowledged; what waits is stored');
      await untilDrained(running, drainTimeoutMs);
      const code = await running.stop();
      if (code !== 0) throw new Error(`The last stop ended with ${code}.`);
      running = null;
    } finally {
      watch.close();
      if (running !== null && !running.hasEnded()) await running.kill();
    }
    const ledger = await makeLedger(store, run.books, watch.insertedRows());
    return { kills: run.kills, tally: run.books, ledger, minutes: (performance.now() - startedAt) / 60_000 };
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** One run: its books, and the two things that go on side by side. */
function createRun({ seed, events, kills: wanted, minutes, say }: SoakOptions, startedAt: number) {
  const random = createRandom(seed);
  const sent = new Map<string, string>();
  const books = { ...createTally(), sent };
  const kills: KillRecord[] = [];
  const sends = new Set<() => void>();
  const isTimeOver = (): boolean => performance.now() - startedAt > minutes * 60_000;
  let visits = 0;
  let isBehind = false;

  async function playVisits({ url, apiKey }: StandaloneProcess): Promise<void> {
    while (!isTimeOver() && (sent.size < events || kills.length < wanted)) {
      while (isBehind && !isTimeOver()) await wait(100);
      const visit = makeVisit(seed, visits, Date.now());
      visits += 1;
      for (const event of visit.batches.flat()) if (event.event_id) sent.set(event.event_id, toContent(event));
      await sendHistory(visit, {
        url,
        apiKey,
        tally: books,
        random,
        // Once nobody is killed any more, nobody rests any more.
        pauseMs: () => (kills.length < wanted ? restMs : 0),
        onSend: () => {
          for (const met of [...sends]) met();
        },
        // Long after the end: what can't be delivered by then counts as not acknowledged.
        isOver: () => performance.now() - startedAt > (minutes + 5) * 60_000,
      });
    }
  }

  return {
    books,
    kills,
    async send(at: StandaloneProcess): Promise<void> {
      const ended = new AbortController();
      const watching = watchQueue(at, ended.signal, (waiting) => {
        isBehind = waiting > maxWaitingRecords;
      });
      await Promise.all(Array.from({ length: clients }, () => playVisits(at))).finally(() => ended.abort());
      await watching;
    },
    async killAll(first: StandaloneProcess, start: () => Promise<StandaloneProcess>, watch: PartWatch) {
      let running = first;
      for (const [number, planned] of planKills(wanted, random).entries()) {
        while (books.acknowledged.size < (number / wanted) * events && !isTimeOver()) await wait(20);
        if (isTimeOver()) break;
        const done = await killOne(planned, { running, start, watch, nextSend: (signal) => nextSend(sends, signal) });
        running = done.running;
        kills.push(done.record);
        if (kills.length % 10 === 0) say(toProgress(kills, books, startedAt));
      }
      return running;
    },
  };
}

/** Tells a few times a second how many records wait, while the server is there to say. */
async function watchQueue(
  { url, apiKey }: StandaloneProcess,
  ended: AbortSignal,
  tell: (waiting: number) => void,
): Promise<void> {
  while (!ended.aborted) {
    const waiting = await readDepth(url, apiKey);
    if (waiting !== null) tell(waiting);
    await wait(200);
  }
}

function nextSend(sends: Set<() => void>, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const settle = (isMet: boolean): void => {
      sends.delete(met);
      resolve(isMet);
    };
    const met = (): void => settle(true);
    sends.add(met);
    signal.addEventListener('abort', () => settle(false), { once: true });
  });
}

function toProgress(kills: readonly KillRecord[], books: ClientTally, startedAt: number): string {
  const minutes = ((performance.now() - startedAt) / 60_000).toFixed(1);
  return `${minutes} min: ${kills.length} kills, ${books.acknowledged.size} acknowledged, ${books.resends} resends, back after ${kills.at(-1)?.rowsMs} ms`;
}
