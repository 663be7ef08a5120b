import { expect, test } from 'vitest';
import { createFakeTime } from '../test/fake-time.ts';
import { createCounts } from './page/counts.ts';
import { retrying } from './retrying.ts';
import type { Outcome } from './transport.ts';

function setUp(outcomes: Outcome[], random = 0.5) {
  const time = createFakeTime();
  const counts = createCounts();
  let sends = 0;
  const inner = {
    send: async () => {
      sends += 1;
      return outcomes.length > 1
        ? (outcomes.shift() ?? { kind: 'sent' as const })
        : (outcomes[0] ?? { kind: 'sent' as const });
    },
  };
  const transport = retrying(inner, { after: time.after, random: () => random, count: counts.count });
  return { time, transport, counts, sends: () => sends };
}

test('doubles the wait, with full jitter, and ends at the first success', async () => {
  const down: Outcome = { kind: 'retry', afterMs: 0 };
  const { time, transport, counts, sends } = setUp([down, down, down, { kind: 'sent' }]);
  const outcome = transport.send({ events: [] });
  await time.advance(60_000);
  expect(await outcome).toEqual({ kind: 'sent' });
  expect(time.waits).toEqual([500, 1_000, 2_000]);
  expect(sends()).toBe(4);
  expect(counts.read()).toEqual({ retried: 3 });
});

test('never sends before Retry-After', async () => {
  const { time, transport, sends } = setUp([{ kind: 'retry', afterMs: 7_000 }, { kind: 'sent' }], 0);
  const outcome = transport.send({ events: [] });
  await time.advance(6_999);
  expect(sends()).toBe(1);
  await time.advance(1);
  expect(await outcome).toEqual({ kind: 'sent' });
});

test('gives up after eight sendings, waiting 30 s at most', async () => {
  const { time, transport, sends } = setUp([{ kind: 'retry', afterMs: 0 }], 0.999);
  const outcome = transport.send({ events: [] });
  await time.advance(600_000);
  expect(await outcome).toEqual({ kind: 'retry', afterMs: 0 });
  expect(sends()).toBe(8);
  expect(Math.max(...time.waits)).toBeLessThanOrEqual(30_000);
});

test('hands a long Retry-After back, and a rejection at once', async () => {
  const long = setUp([{ kind: 'retry', afterMs: 3_600_000 }]);
  expect(await long.transport.send({ events: [] })).toEqual({ kind: 'retry', afterMs: 3_600_000 });
  const refused = setUp([{ kind: 'rejected', code: 401 }]);
  expect(await refused.transport.send({ events: [] })).toEqual({ kind: 'rejected', code: 401 });
  expect(refused.sends() + long.sends()).toBe(2);
});
