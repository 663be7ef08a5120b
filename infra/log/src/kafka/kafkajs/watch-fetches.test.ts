import type { Cluster } from 'kafkajs';
import { expect, it } from 'vitest';
import { watchFetches } from './watch-fetches.ts';

/** A cluster of one broker that answers a fetch when told to, or never. */
function openCluster(toWaitMs: () => number) {
  const asked: { request: unknown; answer: PromiseWithResolvers<unknown> }[] = [];
  const destroyed: string[] = [];
  const socket = (name: string) => ({
    destroy(error: Error) {
      destroyed.push(name);
      asked.at(-1)?.answer.reject(error);
    },
  });
  const broker = {
    fetch(request: unknown) {
      const answer = Promise.withResolvers<unknown>();
      asked.push({ request, answer });
      return answer.promise;
    },
    connectionPool: { pool: [{ socket: socket('others') }, { socket: socket('fetches') }] },
  };
  const cluster = { findBroker: async () => broker } as unknown as Cluster;
  const { cutShort } = watchFetches(cluster, () => toWaitMs);
  return {
    asked,
    destroyed,
    cutShort,
    async fetch() {
      await cluster.findBroker({ nodeId: '1' });
      return broker.fetch({ maxWaitTime: 7, minBytes: 1 });
    },
  };
}

it('lets each fetch wait as long as is said by then, and gives what it gave', async () => {
  const waits = [500, 2_000];
  const { asked, fetch } = openCluster(() => waits.shift() ?? 0);
  for (const maxWaitTime of [500, 2_000]) {
    const fetching = fetch();
    await expect.poll(() => asked.at(-1)?.request).toEqual({ maxWaitTime, minBytes: 1 });
    asked.at(-1)?.answer.resolve({ responses: [maxWaitTime] });
    expect(await fetching).toEqual({ responses: [maxWaitTime] });
  }
});

it('ends a fetch under way with nothing, over its own connection alone', async () => {
  const { asked, destroyed, cutShort, fetch } = openCluster(() => 500);
  cutShort();
  const fetching = fetch();
  await expect.poll(() => asked.length).toBe(1);
  cutShort();
  expect(await fetching).toEqual({ responses: [] });
  expect(destroyed).toEqual(['fetches']);
});

it('tells of a fetch that failed by itself', async () => {
  const { asked, cutShort, fetch } = openCluster(() => 500);
  const cut = fetch();
  await expect.poll(() => asked.length).toBe(1);
  cutShort();
  await cut;
  const failing = fetch();
  await expect.poll(() => asked.length).toBe(2);
  asked[1]?.answer.reject(new Error('reset'));
  await expect(failing).rejects.toThrow('reset');
});
