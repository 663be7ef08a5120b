import type { LogGroup } from '@px-platform/log';
import { AppError } from '@px-platform/runtime';
import type { DeadLetter } from '@px-platform/schemas';
import type { RowBatch } from '@px-platform/store';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type GroupProcessor, openGroup } from '../test/open-group.ts';

const patience = { timeout: 10_000, interval: 5 };

it('shares the partitions, and takes over those of a member that stops', async () => {
  const { append, start, stored, committed } = openGroup();
  const first = start();
  const ids = await append(20);
  await expect.poll(stored, patience).toEqual(ids);
  const second = start();
  ids.push(...(await append(20)));
  await expect.poll(stored, patience).toEqual(ids);
  await first.stop(1_000);
  ids.push(...(await append(20)));
  await expect.poll(stored, patience).toEqual(ids);
  await second.stop(1_000);
  expect([...committed.values()].reduce((sum, next) => sum + next, 0)).toBe(60);
});

it("warms a member's own share of what is stored, and of what came by another number of partitions all", async () => {
  const { append, start, stored, store } = openGroup();
  const first = start();
  const ids = await append(40);
  await expect.poll(stored, patience).toEqual(ids);
  await first.stop(1_000);
  const [moved] = store.rows;
  if (moved !== undefined) moved._partition_count = 3;
  const warmed: string[][] = [];
  const sessions: number[] = [];
  const watch = (): GroupProcessor => {
    let present: string[] = [];
    return start({
      async recentIds(range, except, share) {
        const given = await store.recentIds(range, except, share);
        present.push(...given.map(({ eventId }) => eventId));
        return given;
      },
      async recentSessions(since, except, max, share) {
        warmed.push(present);
        present = [];
        const given = await store.recentSessions(since, except, max, share);
        sessions.push(given.length);
        return given;
      },
    });
  };
  const second = watch();
  await expect.poll(() => warmed.length, patience).toBe(1);
  expect(warmed[0]?.toSorted()).toEqual(ids);
  const third = watch();
  await expect.poll(() => warmed.length, patience).toBe(3);
  const [one = [], other = []] = warmed.slice(1);
  expect([...new Set([...one, ...other])].toSorted()).toEqual(ids);
  expect(one.filter((id) => other.includes(id))).toEqual([moved?.event_id]);
  expect(sessions.slice(1)).toEqual([one.length, other.length]);
  await second.stop(1_000);
  await third.stop(1_000);
});

it('stores each event once where a member sleeps in the middle of its inserts, and wakes when others have stored them', async () => {
  const { append, start, stored, store, group } = openGroup();
  const waking = Promise.withResolvers<void>();
  const toPlaces = (batch: RowBatch): string => `${batch.name} ${batch.rows.map((row) => row._offset).join()}`;
  const asleep: string[] = [];
  const taken: string[] = [];
  const sleeper = start({
    async insert(batch) {
      asleep.push(toPlaces(batch));
      await waking.promise;
      await store.insert(batch);
    },
  });
  const ids = await append(40);
  await expect.poll(() => asleep.length, patience).toBe(4);
  await group.expel(sleeper.member);
  const other = start({
    async insert(batch) {
      taken.push(toPlaces(batch));
      await store.insert(batch);
    },
  });
  await expect.poll(stored, patience).toEqual(ids);
  waking.resolve();
  await sleeper.stop(1_000);
  expect(stored()).toEqual(ids);
  await other.stop(1_000);
  // The same borders and names, though twice as much was there to be read.
  expect(new Set(asleep).size).toBe(4);
  expect(taken).toEqual(expect.arrayContaining(asleep));
  expect(taken.length).toBeGreaterThan(4);
});

it('stores nothing that it has not planned: who sleeps before that finds the plan refused', async () => {
  const { append, start, stored, group } = openGroup();
  const waking = Promise.withResolvers<void>();
  let planning = 0;
  const inserted: RowBatch[] = [];
  const sleepsBeforePlan = (member: LogGroup): LogGroup => ({
    ...member,
    join: (own) =>
      member.join({
        ...own,
        assigned: (reader) =>
          own.assigned({
            ...reader,
            async plan(partition, end) {
              planning += 1;
              await waking.promise;
              return reader.plan(partition, end);
            },
          }),
      }),
  });
  const sleeper = start({ insert: async (batch) => void inserted.push(batch) }, sleepsBeforePlan);
  const ids = await append(40);
  await expect.poll(() => planning, patience).toBe(4);
  await group.expel(sleeper.member);
  const other = start();
  await expect.poll(stored, patience).toEqual(ids);
  waking.resolve();
  await sleeper.stop(1_000);
  expect(inserted).toEqual([]);
  await other.stop(1_000);
});

it('gives what is missing of an insert that stopped half way', async () => {
  const { append, start, stored, storePart, group } = openGroup();
  let halves = 0;
  const sleeper = start({
    async insert(batch) {
      await storePart(batch);
      halves += 1;
      await new Promise(() => undefined);
    },
  });
  const ids = await append(40);
  await expect.poll(() => halves, patience).toBe(4);
  await group.expel(sleeper.member);
  const other = start();
  await expect.poll(stored, patience).toEqual(ids);
  await other.stop(1_000);
});

it('gives what is missing where the name of an insert was noted and its rows were not kept', async () => {
  const { append, start, stored, store, group } = openGroup();
  const noted = new Set<string>();
  const sleeper = start({
    async insert(batch) {
      noted.add(batch.name ?? 'unnamed');
      await new Promise(() => undefined);
    },
  });
  const ids = await append(40);
  await expect.poll(() => noted.size, patience).toBe(4);
  await group.expel(sleeper.member);
  const other = start({
    async insert(batch) {
      if (!noted.has(batch.name ?? '')) await store.insert(batch);
    },
  });
  await expect.poll(stored, patience).toEqual(ids);
  await other.stop(1_000);
});

it.each([0, 2 * 60 * 60_000])(
  'stores nothing twice that is read again %i ms later, where the offsets were set back by hand',
  async (laterMs) => {
    const { append, start, stored, setBack, committed, time } = openGroup();
    const first = start();
    const ids = await append(40);
    await expect.poll(stored, patience).toEqual(ids);
    await first.stop(1_000);
    setBack();
    time.now += laterMs;
    const second = start();
    ids.push(...(await append(20)));
    const readTo = () => [...committed.values()].reduce((sum, next) => sum + next, 0);
    await expect.poll(readTo, patience).toBe(60);
    expect(stored()).toEqual(ids);
    await second.stop(1_000);
  },
);

it('commits a batch once its dead letters are stored and published, however often that must be tried', async () => {
  const { log, store, start, committed } = openGroup();
  const published: string[] = [];
  const waiting = Promise.withResolvers<void>();
  const publish = async (letters: readonly DeadLetter[], topic: string): Promise<void> => {
    published.push(...letters.map(({ reason }) => `${topic} ${reason} after ${store.letters.length} stored`));
    if (published.length === 1) throw new AppError('log_unavailable', 'No broker answers.');
    await waiting.promise;
  };
  const same = (member: LogGroup): LogGroup => member;
  const processor = start({}, same, [], { publish, close: async () => undefined });
  await log.append([{ key: 'k', payload: Buffer.from('no record') }]);
  const once = 'events.v1 undecodable_record after 1 stored';
  await expect.poll(() => published, patience).toEqual([once, once]);
  expect(committed.size).toBe(0);
  waiting.resolve();
  await expect.poll(() => [...committed.values()], patience).toEqual([1]);
  await processor.stop(1_000);
});

it('lets one member alone do what is done for all, and another once that has gone', async () => {
  const { start } = openGroup();
  const doing = new Set<string>();
  let most = 0;
  const upkeep = (name: string) => async (aborted: AbortSignal) => {
    doing.add(name);
    most = Math.max(most, doing.size);
    await new Promise<void>((resolve) => aborted.addEventListener('abort', () => resolve(), { once: true }));
    doing.delete(name);
  };
  const same = (member: LogGroup): LogGroup => member;
  const first = start({}, same, [upkeep('first')]);
  await expect.poll(() => [...doing], patience).toEqual(['first']);
  const second = start({}, same, [upkeep('second')]);
  await second.check().catch(() => undefined);
  await first.stop(1_000);
  await expect.poll(() => [...doing], patience).toEqual(['second']);
  await second.stop(1_000);
  expect([most, doing.size]).toEqual([1, 0]);
});

/** What happens to a group: events come, members join, stop, are taken out asleep, and wake. */
const happening = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('append' as const), count: fc.integer({ min: 1, max: 12 }) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('join' as const), sleepsAt: fc.integer({ min: 0, max: 6 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('expel' as const), which: fc.nat(5) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('stop' as const), which: fc.nat(5) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('wake' as const), which: fc.nat(5) }) },
);

interface Living extends GroupProcessor {
  wake(): void;
}

it('stores each event once, whoever joins, sleeps, is taken out and wakes, in any order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { minLength: 3, maxLength: 14 }), async (happenings) => {
      const { append, start, stored, store, storePart, group } = openGroup();
      const ids: string[] = [];
      const living: Living[] = [];
      const gone: Living[] = [];

      /** From its insert number `sleepsAt` on, a member sleeps in the middle of each, until it is woken. */
      async function join(sleepsAt: number): Promise<void> {
        const waking = Promise.withResolvers<void>();
        let inserts = 0;
        const processor = start({
          async insert(batch) {
            inserts += 1;
            if (inserts > sleepsAt) {
              if (inserts % 2 === 0) await storePart(batch);
              await waking.promise;
            }
            await store.insert(batch);
          },
        });
        living.push({ ...processor, wake: waking.resolve });
        await processor.joined;
      }
      async function takeOut(which: number): Promise<void> {
        const [one] = living.splice(which % Math.max(living.length, 1), 1);
        if (one === undefined) return;
        gone.push(one);
        await group.expel(one.member);
      }

      for (const one of happenings) {
        if (one.kind === 'append') ids.push(...(await append(one.count)));
        if (one.kind === 'join') await join(one.sleepsAt);
        if (one.kind === 'wake') gone[one.which % Math.max(gone.length, 1)]?.wake();
        if (one.kind === 'expel') await takeOut(one.which);
        if (one.kind === 'stop') {
          for (const each of living) each.wake();
          await living.shift()?.stop(1_000);
        }
      }
      while (living.length > 0) await takeOut(0);
      await join(Number.POSITIVE_INFINITY);
      await expect.poll(stored, patience).toEqual(ids);
      for (const one of gone) one.wake();
      for (const one of [...gone, ...living]) await one.stop(1_000);
      expect(stored()).toEqual(ids);
    }),
    { numRuns: 25 },
  );
});
