import { expect, test } from 'vitest';
import { createFakeTime } from '../test/fake-time.ts';
import { createSampleQueue, idsOf, toSample } from '../test/sample.ts';
import { persisting } from './persisting.ts';
import { splitting } from './splitting.ts';
import type { Batch, Outcome } from './transport.ts';

const all = { maxEvents: 50, maxBytes: 100_000 };

function setUp(answer: (batch: Batch) => Outcome) {
  const { queue, counts, raw } = createSampleQueue({ clock: createFakeTime().clock });
  const sent: Batch[] = [];
  const send = async (batch: Batch) => {
    sent.push(batch);
    return answer(batch);
  };
  for (const id of ['a', 'b', 'c', 'd', 'e']) queue.add(toSample(id));
  const transport = splitting(persisting({ send }, queue, counts.count));
  const sendAll = () => transport.send(queue.take(all) ?? { events: [] });
  return { queue, counts, raw, sent, sendAll };
}

test('forgets what the collector took', async () => {
  const { raw, sendAll } = setUp(() => ({ kind: 'sent' }));
  expect(await sendAll()).toEqual({ kind: 'sent' });
  expect(raw).toHaveLength(0);
});

test('keeps what may be sent again', async () => {
  const { queue, raw, sendAll } = setUp(() => ({ kind: 'retry', afterMs: 0 }));
  await sendAll();
  expect(raw).toHaveLength(5);
  expect(queue.waiting().events).toBe(5);
});

test('drops and counts what the collector refuses', async () => {
  const { counts, raw, sendAll } = setUp(() => ({ kind: 'rejected', code: 401 }));
  await sendAll();
  expect(raw).toHaveLength(0);
  expect(counts.read()).toEqual({ rejected_401: 5 });
});

test('halves what is too large until it fits, and drops the one event that never does', async () => {
  const { counts, raw, sent, sendAll } = setUp(({ events }) =>
    events.length > 2 || idsOf(events).includes('e') ? { kind: 'rejected', code: 413 } : { kind: 'sent' },
  );
  await sendAll();
  expect(sent.map((batch) => idsOf(batch.events).join(''))).toEqual(['abcde', 'abc', 'ab', 'c', 'de', 'd', 'e']);
  expect(counts.read()).toEqual({ rejected_413: 1 });
  expect(raw).toHaveLength(0);
});

test('stops halving when the collector goes away, and keeps the rest', async () => {
  const { queue, sendAll } = setUp(({ events }) =>
    events.length > 3 ? { kind: 'rejected', code: 413 } : { kind: 'retry', afterMs: 0 },
  );
  expect(await sendAll()).toEqual({ kind: 'retry', afterMs: 0 });
  expect(queue.waiting().events).toBe(5);
});

test('sends nothing that another page took over', async () => {
  const { queue, sent, sendAll } = setUp(() => ({ kind: 'sent' }));
  queue.remove([{ event: 'test', event_id: 'b' }]);
  await sendAll();
  expect(idsOf(sent[0]?.events)).toEqual(['a', 'c', 'd', 'e']);
});
