import { AppError } from '@px-platform/runtime';
import { expect, it } from 'vitest';
import { createMemoryPurgeStore } from './memory-purges.ts';
import type { PurgeStore } from './purge-store.ts';
import { rememberNone } from './remember-none.ts';

const subject = { kind: 'user_id', value: 'ANNA' } as const;
const toRequest = (id: string) => ({ id, projectId: 'prj', subject, at: 1 });

/** Purges that count how often the store is asked for those that are pending. */
function openCounting(changes: Partial<PurgeStore> = {}) {
  const store = { ...createMemoryPurgeStore(), ...changes };
  const asked = { times: 0 };
  const purges = rememberNone({
    ...store,
    async pending() {
      asked.times += 1;
      return store.pending();
    },
  });
  const look = async () => (await purges.pending()).map(({ id }) => id);
  return { purges, asked, look };
}

it('asks once where none is pending, and again after each request', async () => {
  const { purges, asked, look } = openCounting();
  expect([await look(), await look(), asked.times]).toEqual([[], [], 1]);
  await purges.request(toRequest('one'));
  expect([await look(), asked.times]).toEqual([['one'], 2]);
});

it('asks for as long as one is pending, whatever becomes of it', async () => {
  const { purges, asked, look } = openCounting();
  await purges.request(toRequest('one'));
  const [found] = await purges.pending();
  if (found === undefined) return expect.unreachable();
  const begun = await purges.begin(found, 2);
  expect(await look()).toEqual(['one']);
  await purges.finish(begun, 3);
  expect([await look(), await look(), asked.times]).toEqual([[], [], 3]);
});

it('misses none that is noted while it is looked for', async () => {
  const answer = Promise.withResolvers<[]>();
  const { purges, asked, look } = openCounting({ pending: () => answer.promise });
  const looking = look();
  await purges.request(toRequest('one'));
  answer.resolve([]);
  await looking;
  await look();
  expect(asked.times).toBe(2);
});

it('asks again after a failure, of the look or of a request that may be noted even so', async () => {
  const away = () => Promise.reject(new AppError('store_unavailable', 'away'));
  const looking = openCounting({ pending: away });
  for (const times of [1, 2]) {
    await expect(looking.look()).rejects.toThrow('away');
    expect(looking.asked.times).toBe(times);
  }
  const requesting = openCounting({ request: away });
  await requesting.look();
  await expect(requesting.purges.request(toRequest('one'))).rejects.toThrow('away');
  await requesting.look();
  expect(requesting.asked.times).toBe(2);
});
