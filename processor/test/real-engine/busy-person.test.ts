import { setTimeout as wait } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { AcceptedEvent } from '@px-platform/schemas';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readPersonEvents } from '../config.ts';
import { openPipeline, type RealPipeline, type RunningPipeline } from './open-pipeline.ts';

/** A million by `PX_PERSON_EVENTS=1000000 vitest run --project parts processor/test/real-engine/busy-person.test.ts`. */
const busyEvents = readPersonEvents();
const perRecord = 1_000;
/** Less than the person sends: the window must let go of the oldest. */
const maxIds = 20_000;
/** What the heap may gain from a third of the events to the last: far less than it would by keeping an id of each. */
const maxGrowthBytes = 8 * 1024 * 1024;

const start = Date.UTC(2026, 4, 4, 20);
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const busyFrom = start + 26 * hourMs;
const busyUntil = busyFrom + hourMs;
const lastOfSecond = busyUntil + 30 * minuteMs;
const third = lastOfSecond + 30 * minuteMs + 1;

const toPage = (number: number): Partial<AcceptedEvent> => ({
  properties: { number },
  context: { page: { url: `https://a.example/p/${number % 7}` } },
});

const projectId = 'prj_busy';
let made = 0;
const toEvent = (at: number, own: Partial<AcceptedEvent> = {}): AcceptedEvent => {
  made += 1;
  const head = at.toString(16).padStart(12, '0');
  return {
    event: 'page_view',
    event_id: `${head.slice(0, 8)}-${head.slice(8)}-7ccc-8ddd-${String(made).padStart(12, '0')}`,
    anonymous_id: 'anna',
    timestamp: new Date(at).toISOString(),
    ...own,
  };
};

let pipeline: RealPipeline;
let running: RunningPipeline;
beforeAll(async () => {
  pipeline = await openPipeline({
    clock: () => third,
    settings: { DEDUPE_MAX_IDS: maxIds, DEDUPE_WINDOW_MS: 24 * hourMs },
  });
  running = pipeline.run();
});
afterAll(() => pipeline.close());

const send = (events: readonly AcceptedEvent[], received_at: number): Promise<void> =>
  pipeline.append(projectId, events, { received_at, retention_days: 20_000 });

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');
async function readHeap(): Promise<number> {
  while ((await pipeline.depth()) > 0) await wait(20);
  collect();
  return process.memoryUsage().heapUsed;
}

const ask = async (question: object): Promise<readonly unknown[][]> => pipeline.ask(projectId, question);

describe(`a person with ${busyEvents} events in an hour`, () => {
  it('is worked off in bounded memory, each event once', async () => {
    // Every 20 minutes for 26 hours: what ends a session here is the 24 hours alone.
    for (let at = start; at <= busyFrom; at += 20 * minuteMs) await send([toEvent(at)], at);
    const heaps: number[] = [];
    for (let from = 0; from < busyEvents; from += perRecord) {
      const toInstant = (number: number) => busyFrom + Math.ceil(((number + 1) * hourMs) / busyEvents);
      const numbers = Array.from({ length: Math.min(perRecord, busyEvents - from) }, (_, at) => from + at);
      const events = numbers.map((number) => toEvent(toInstant(number), toPage(number)));
      const receivedAt = toInstant(from + events.length - 1);
      await send(events, receivedAt);
      // A client that heard no answer sends it again, now and then.
      if (from % (10 * perRecord) === 0) await send(events, receivedAt);
      while ((await pipeline.depth()) > 20) await wait(5);
      if (from >= (busyEvents * heaps.length) / 3) heaps.push(await readHeap());
    }
    heaps.push(await readHeap());
    await send([toEvent(lastOfSecond)], lastOfSecond);
    await send([toEvent(third, { event: 'identify', user_id: 'user-1', traits: { plan: 'pro' } })], third);
    await running.stop();
    expect(await running.read('px_processor_window_ids')).toBeLessThanOrEqual(maxIds);
    expect(await running.read('px_processor_session_persons')).toBe(1);
    expect(await running.read('px_processor_rows_total')).toBe(79 + busyEvents + 2);
    const [, afterThird = 0] = heaps;
    expect((heaps.at(-1) ?? 0) - afterThird).toBeLessThan(maxGrowthBytes);
    expect(await pipeline.store.reader.deadLetters(null, 1)).toEqual([]);
  }, 600_000);

  it('has the sessions that the clock makes: at 24 hours, and after 30 minutes without an event', async () => {
    const [[visitors, sessions, views, events, , meanDurationMs] = []] = await ask({ question: 'overview' });
    expect([visitors, sessions, views, events]).toEqual([1, 3, 79 + busyEvents + 1, 79 + busyEvents + 2]);
    const second = start + 24 * hourMs + 20 * minuteMs;
    expect(Number(meanDurationMs)).toBeCloseTo((24 * hourMs + (lastOfSecond - second) + 0) / 3, 0);
  });

  it('is found by questions, under the id of the user too', async () => {
    const hours = await ask({
      question: 'timeseries',
      interval: 'hour',
      from: new Date(busyFrom).toISOString(),
      to: new Date(busyUntil).toISOString(),
    });
    expect(hours.map(([, count]) => count)).toEqual([busyEvents]);
    expect(await ask({ question: 'person_timeline', person: 'user-1', limit: 1_000 })).toHaveLength(1_000);
    const [first] = await ask({ question: 'breakdown', by: 'event' });
    expect(first?.slice(0, 3)).toEqual(['page_view', 79 + busyEvents + 1, 1]);
    const days = { from: new Date(start).toISOString(), to: new Date(start + 3 * 24 * hourMs).toISOString() };
    expect(await ask({ question: 'paths', start: '/p/0', ...days })).not.toEqual([]);
    expect(await ask({ question: 'retention', interval: 'day', start_event: 'page_view', ...days })).not.toEqual([]);
    const steps = [{ event: 'page_view' }, { event: 'identify' }];
    const funnel = await ask({ question: 'funnel', steps, window_s: 2 * 86_400 });
    expect(funnel.map((row) => row[2])).toEqual([1, 1]);
    const person = await pipeline.store.identity.personOf(projectId, 'anna');
    expect(person).toMatchObject({ personId: 'user-1', ids: ['anna', 'user-1'], properties: { plan: 'pro' } });
  });
});
