import { createMemoryPurgeStore, type PurgeStore } from '@px-platform/store';
import { expect, it } from 'vitest';
import { shareTombstones } from './share-tombstones.ts';

type Tombstones = Awaited<ReturnType<PurgeStore['tombstones']>>;

it('asks once for those who ask meanwhile, since the earliest of their instants, and never for who asked before', async () => {
  const answers: { readonly since: number; readonly end: PromiseWithResolvers<Tombstones> }[] = [];
  const purges = shareTombstones({
    ...createMemoryPurgeStore(),
    tombstones(since) {
      const end = Promise.withResolvers<Tombstones>();
      answers.push({ since, end });
      return end.promise;
    },
  });
  const first = purges.tombstones(7);
  const others = [purges.tombstones(9), purges.tombstones(8)];
  expect(answers.map(({ since }) => since)).toEqual([7]);
  answers[0]?.end.resolve([]);
  expect(await first).toEqual([]);
  await expect.poll(() => answers.map(({ since }) => since)).toEqual([7, 8]);
  const found = [{ projectId: 'p1', hash: 'h', purgedAt: 1, ageMs: 2 }];
  answers[1]?.end.resolve(found);
  expect(await Promise.all(others)).toEqual([found, found]);
});
