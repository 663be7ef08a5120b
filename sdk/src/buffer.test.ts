import { expect, test } from 'vitest';
import { createFakeTime } from '../test/fake-time.ts';
import { createSampleQueue, idsOf, toSample } from '../test/sample.ts';
import { createBuffer } from './buffer.ts';
import { persisting } from './persisting.ts';
import type { Batch, Outcome } from './transport.ts';

function setUp(outcomes: Outcome[] = []) {
  const time = createFakeTime();
  const { queue, counts } = createSampleQueue({ clock: time.clock });
  const sent: Batch[] = [];
  const inner = {
    send: async (batch: Batch) => {
      sent.push(batch);
      return outcomes.shift() ?? { kind: 'sent' as const };
    },
  };
  const limits = { maxEvents: 3, maxBytes: 1_000, maxWaitMs: 2_000 };
  const buffer = createBuffer({ queue, transport: persisting(inner, queue, counts.count), after: time.after, limits });
  return { time, queue, buffer, sent };
}

test('sends when so many events wait', async () => {
  const { time, buffer, sent } = setUp();
  for (const id of ['a', 'b', 'c']) buffer.add(toSample(id));
  await time.advance(0);
  expect(sent.map((batch) => idsOf(batch.events))).toEqual([['a', 'b', 'c']]);
});

test('sends when so many bytes wait, in batches within them', async () => {
  const { time, buffer, sent } = setUp();
  buffer.add(toSample('a', 600));
  buffer.add(toSample('b', 600));
  await time.advance(0);
  expect(sent.map((batch) => idsOf(batch.events))).toEqual([['a'], ['b']]);
});

test('sends a while after the first event', async () => {
  const { time, buffer, sent } = setUp();
  buffer.add(toSample('a'));
  await time.advance(1_500);
  buffer.add(toSample('b'));
  await time.advance(499);
  expect(sent).toHaveLength(0);
  await time.advance(1);
  expect(idsOf(sent[0]?.events)).toEqual(['a', 'b']);
});

test('sends on flush, and resolves when the answer is there', async () => {
  const { buffer, sent, queue } = setUp();
  buffer.add(toSample('a'));
  await buffer.flush();
  expect(sent).toHaveLength(1);
  expect(queue.waiting().events).toBe(0);
});

test('leaves a collector alone that cannot take it, then tries again with everything', async () => {
  const { time, buffer, sent, queue } = setUp([{ kind: 'retry', afterMs: 0 }]);
  for (const id of ['a', 'b', 'c']) buffer.add(toSample(id));
  await time.advance(0);
  for (const id of ['d', 'e', 'f', 'g']) buffer.add(toSample(id));
  await time.advance(4 * 60_000);
  expect(sent).toHaveLength(1);
  expect(queue.waiting().events).toBe(7);
  await time.advance(2 * 60_000);
  expect(sent.slice(1).map((batch) => idsOf(batch.events))).toEqual([['a', 'b', 'c'], ['d', 'e', 'f'], ['g']]);
});

test('rests as long as the collector asks', async () => {
  const { time, buffer, sent } = setUp([{ kind: 'retry', afterMs: 3_600_000 }]);
  buffer.add(toSample('a'));
  await time.advance(2_000 + 3_599_000);
  expect(sent).toHaveLength(1);
  await time.advance(1_000);
  expect(sent).toHaveLength(2);
});
