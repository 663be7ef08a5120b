import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createDiskReserve } from './disk-reserve.ts';

it('takes what was spent off until it asks the disk again, a second later', () => {
  let now = 0;
  const disk = createDiskReserve(join(tmpdir(), 'log.mdb'), () => now);
  const free = disk.freeBytes();
  expect(free).toBeGreaterThan(0);
  disk.spend(2 ** 50);
  now = 999;
  expect(disk.freeBytes()).toBe(free - 2 ** 50);
  now = 1_000;
  expect(disk.freeBytes()).toBeGreaterThan(0);
});

it('throws where there is no such folder', () => {
  expect(() => createDiskReserve('/no-such-folder/log.mdb', () => 0).freeBytes()).toThrow();
});
