import { MessageChannel } from 'node:worker_threads';
import { askOver, serveCalls } from '@px-platform/runtime';
import { createMemoryCounters } from '@px-platform/server';
import { expect, it } from 'vitest';
import { connectCounters, toCounterCalls } from './counters-over-port.ts';

it('gives two processes one count, though all ask in one turn', async () => {
  const counters = createMemoryCounters();
  const calls = toCounterCalls(counters);
  const ports = [new MessageChannel(), new MessageChannel()];
  const stores = ports.map(({ port1, port2 }) => {
    serveCalls(port1, calls);
    const store = connectCounters(askOver(port2)).toStore('burst');
    store.init?.({ windowMs: 60_000 } as Parameters<NonNullable<typeof store.init>>[0]);
    return store;
  });
  const asked = Array.from({ length: 10 }, (_, at) => stores[at % 2]?.increment('key'));
  const counted = await Promise.all(asked);
  expect(counted.map((one) => one?.totalHits ?? 0).toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  expect(counted[0]?.resetTime).toBeInstanceOf(Date);
  for (const { port1 } of ports) port1.close();
  await counters.close();
});
