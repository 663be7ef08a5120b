import { createLogger } from '@px-platform/runtime';
import { createMemorySaltStore } from '@px-platform/store';
import { expect, it } from 'vitest';
import { renewSalts } from './keep-salts.ts';
import { createSaltBook } from './salt-book.ts';

const midnight = Date.UTC(2026, 10, 23);
const hourMs = 3_600_000;
const days = ['2026-11-21', '2026-11-22', '2026-11-23', '2026-11-24'];

function open() {
  const time = { now: 0 };
  const deps = {
    salts: createMemorySaltStore(),
    clock: () => time.now,
    logger: createLogger({ level: 'silent', name: 'test' }),
  };
  const heldAt = async (now: number): Promise<(string | null)[]> => {
    time.now = now;
    const book = createSaltBook();
    await renewSalts(deps, book);
    return days.map((day) => book.of(day));
  };
  return { heldAt };
}

it('holds the salts of today and yesterday, and before midnight those of today and tomorrow', async () => {
  const { heldAt } = open();
  const isHeld = async (now: number): Promise<boolean[]> => (await heldAt(now)).map((salt) => salt !== null);
  expect(await isHeld(midnight - hourMs)).toEqual([true, true, false, false]);
  expect(await isHeld(midnight - hourMs / 6)).toEqual([false, true, true, false]);
  expect(await isHeld(midnight + hourMs)).toEqual([false, true, true, false]);
});

it('gives a day one salt over restarts, for 48 h, and never the same to two days', async () => {
  const { heldAt } = open();
  const [, first] = await heldAt(midnight - 24 * hourMs - hourMs / 6);
  expect(first).toMatch(/^[0-9a-f]{32}$/);
  expect((await heldAt(midnight + 23 * hourMs))[1]).toBe(first);
  const [, gone, today] = await heldAt(midnight + 24 * hourMs - hourMs / 6);
  expect(gone).toBeNull();
  expect(today).not.toBe(first);
});
