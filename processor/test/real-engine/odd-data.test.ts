import type { AcceptedEvent } from '@px-platform/schemas';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSessionBook } from '../../src/sessions/session-book.ts';
import { createSessionizeStage } from '../../src/stages/sessionize.ts';
import { makePipelineEvent } from '../pipeline-event.ts';
import { openPipeline, type RealPipeline, toEventId } from './open-pipeline.ts';

let pipeline: RealPipeline;
beforeAll(async () => {
  pipeline = await openPipeline();
});
afterAll(() => pipeline.close());

const monday = Date.UTC(2026, 4, 4, 12);
const dayMs = 24 * 60 * 60 * 1000;
const toEvent = (own: Partial<AcceptedEvent>): AcceptedEvent => ({
  event: 'bought',
  event_id: toEventId(monday),
  anonymous_id: 'anna',
  timestamp: new Date(monday).toISOString(),
  ...own,
});

describe('properties', () => {
  it('that are numbers on Monday and text on Tuesday are found, filtered and broken down as both', async () => {
    const tuesday = new Date(monday + dayMs).toISOString();
    const events = [
      ...[5, 5, 7].map((price) => toEvent({ properties: { price } })),
      ...['5', 'free'].map((price) => toEvent({ properties: { price }, timestamp: tuesday })),
    ];
    await pipeline.append('prj_types', events);
    await pipeline.drain();
    const by = 'properties.price';
    const counts = async (filters: object[]) => {
      const rows = await pipeline.ask('prj_types', { question: 'breakdown', by, filters });
      return Object.fromEntries(rows.map(([value, count]) => [value, count]));
    };
    expect(await counts([])).toEqual({ '5': 3, '7': 1, free: 1 });
    expect(await counts([{ field: by, op: 'eq', value: '5' }])).toEqual({ '5': 3 });
    expect(await counts([{ field: by, op: 'eq', value: 5 }])).toEqual({ '5': 3 });
    expect(await counts([{ field: by, op: 'gt', value: 5 }])).toEqual({ '7': 1 });
    const stored: unknown[] = [];
    for await (const page of pipeline.store.reader.exportRows('prj_types', { from: 0, to: Date.now() + dayMs })) {
      stored.push(...page.map((row) => JSON.stringify(row['properties'])));
    }
    expect(stored.sort()).toEqual(['{"price":"5"}', '{"price":"free"}', '{"price":5}', '{"price":5}', '{"price":7}']);
  });

  it('of 100,000 different keys are stored and read back, each', async () => {
    const perEvent = 200;
    for (let first = 0; first < 100_000; first += perEvent * 50) {
      const events = Array.from({ length: 50 }, (_, at) => {
        const from = first + at * perEvent;
        const keys = Array.from({ length: perEvent }, (_, number) => [`k${from + number}`, from + number]);
        return toEvent({ properties: Object.fromEntries(keys) });
      });
      await pipeline.append('prj_keys', events);
    }
    await pipeline.drain();
    for (const key of [0, 255, 256, 31_337, 99_999]) {
      const by = `properties.k${key}`;
      const rows = await pipeline.ask('prj_keys', {
        question: 'breakdown',
        by,
        filters: [{ field: by, op: 'is_set' }],
      });
      expect(rows.map(([value, count]) => [value, count])).toEqual([[String(key), 1]]);
    }
  });
});

describe('a session id', () => {
  it('that ten thousand persons share is a session of each', async () => {
    const session_id = '0190aaaa-bbbb-4ccc-8ddd-00000000aaaa';
    for (let person = 0; person < 10_000; person += 1) {
      await pipeline.append('prj_shared', [toEvent({ session_id, anonymous_id: `p${person}` })]);
    }
    await pipeline.drain();
    const [[visitors, sessions] = []] = await pipeline.ask('prj_shared', { question: 'overview' });
    expect([visitors, sessions]).toEqual([10_000, 10_000]);
  });
});

describe('clocks', () => {
  it('that are years off leave rows that are found by the corrected time, or by their receipt', async () => {
    const now = Date.now();
    const offMs = 4 * 365 * dayMs;
    for (const error of [-offMs, offMs]) {
      const timestamp = new Date(now + error - 1_000).toISOString();
      await pipeline.append('prj_clocks', [toEvent({ timestamp })], { sent_at: now + error, received_at: now });
    }
    await pipeline.append('prj_clocks', [toEvent({ timestamp: new Date(now + offMs).toISOString() })]);
    await pipeline.drain();
    const range = { from: new Date(now - 60_000).toISOString(), to: new Date(now + dayMs).toISOString() };
    const rows = await pipeline.ask('prj_clocks', { question: 'breakdown', by: 'event', ...range });
    expect(rows.map(([by, count]) => [by, count])).toEqual([['bought', 3]]);
  });
});

describe('a person', () => {
  it('with 100,000 events in an hour, each under a session id of its own, takes no more memory than one with 64', () => {
    const book = createSessionBook({ maxSessions: 1_000_000 });
    const stage = createSessionizeStage({ book, timeoutMs: 1_800_000 });
    for (let number = 0; number < 100_000; number += 1) {
      const session_id = `0190aaaa-bbbb-4ccc-8ddd-${String(number).padStart(12, '0')}`;
      const event = makePipelineEvent({ record: { received_at: monday + number * 36 }, event: { session_id } });
      event.timestamp = monday + number * 36;
      stage.run(event);
    }
    expect([book.persons, book.sessions]).toEqual([1, 64]);
  });
});
