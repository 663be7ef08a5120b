import { expect, it } from 'vitest';
import { AppError, type AppErrorCode } from './app-error.ts';
import { openLate } from './open-late.ts';

/** Opens, or throws what a test says; waits where it says so. */
function createOpener(code: AppErrorCode | null) {
  const opener = {
    code,
    tries: 0,
    gate: Promise.resolve(),
    async open(): Promise<string> {
      opener.tries += 1;
      await opener.gate;
      if (opener.code !== null) throw new AppError(opener.code, 'No.');
      return 'opened';
    },
  };
  return opener;
}
const store = { what: 'The event store', away: 'store_unavailable', close: async () => undefined } as const;

it('gives what was there at the start, and opens it once', async () => {
  const opener = createOpener(null);
  const told: unknown[] = [];
  const late = await openLate(opener.open, { ...store, onAway: (error) => told.push(error) });
  expect([await late.reach(), await late.reach()]).toEqual(['opened', 'opened']);
  expect([opener.tries, told]).toEqual([1, []]);
});

it('starts without what is away, says so, and opens it for all who ask once it is there', async () => {
  const opener = createOpener('store_unavailable');
  const told: AppError[] = [];
  const late = await openLate(opener.open, { ...store, onAway: (error) => told.push(error) });
  expect(told.map(({ message }) => message)).toEqual(['No.']);
  await expect(late.reach()).rejects.toMatchObject({ code: 'store_unavailable' });
  opener.code = null;
  expect(await Promise.all([late.reach(), late.reach()])).toEqual(['opened', 'opened']);
  expect(opener.tries).toBe(3);
});

it('waits for what does not answer for a while alone, and takes its answer when it comes', async () => {
  const opener = createOpener(null);
  const answer = Promise.withResolvers<void>();
  opener.gate = answer.promise;
  const late = await openLate(opener.open, { ...store, patience: 1 });
  const reaching = late.reach();
  answer.resolve();
  expect(await reaching).toBe('opened');
  expect(opener.tries).toBe(1);
});

it('ends the start where it is there and refused; where that shows later, it is away and says why', async () => {
  await expect(openLate(createOpener('migration_failed').open, store)).rejects.toMatchObject({
    code: 'migration_failed',
  });
  const opener = createOpener('store_unavailable');
  const late = await openLate(opener.open, store);
  opener.code = 'migration_failed';
  await expect(late.reach()).rejects.toMatchObject({
    code: 'store_unavailable',
    message: 'The event store can not be opened: No.',
    cause: { code: 'migration_failed' },
  });
});

it('is closed once, also where it is there only after the end, and is not opened any more', async () => {
  const closed: string[] = [];
  const close = async (opened: string): Promise<void> => void closed.push(opened);
  const there = await openLate(createOpener(null).open, { ...store, close });
  await there.close();
  await there.close();
  expect(closed).toEqual(['opened']);

  const opener = createOpener(null);
  const answer = Promise.withResolvers<void>();
  opener.gate = answer.promise;
  const late = await openLate(opener.open, { ...store, close, patience: 1 });
  const closing = late.close();
  answer.resolve();
  await closing;
  expect(closed).toEqual(['opened', 'opened']);

  const away = createOpener('store_unavailable');
  const never = await openLate(away.open, { ...store, close });
  await never.close();
  away.code = null;
  await expect(never.reach()).rejects.toMatchObject({ code: 'store_unavailable' });
  expect([away.tries, closed.length]).toEqual([1, 2]);
});
