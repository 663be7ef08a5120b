import { AppError, isAppError } from '@px-platform/runtime';
import { expect, it, vi } from 'vitest';
import type { EventLog } from './event-log.ts';
import { createMemoryLog } from './memory.ts';
import { openLater } from './open-later.ts';

const away = () => new AppError('log_unavailable', 'No broker answers.');
const record = { key: 'k', payload: Buffer.from('x') };
const openMemory = (): EventLog => createMemoryLog({ partitions: 1, maxBytes: 1e6, clock: () => 1 });

it('is unavailable until the broker is back, and the log from then on', async () => {
  let tries = 0;
  const open = async (): Promise<EventLog> => {
    tries += 1;
    if (tries < 3) throw away();
    return openMemory();
  };
  const log = await openLater({ open, onFailed: () => undefined });
  for (const call of [log.append([record]), log.status()]) {
    await expect(call).rejects.toSatisfy((error) => isAppError(error, 'log_unavailable'));
  }
  await expect
    .poll(() => log.append([record]).catch(() => null), { timeout: 10_000 })
    .toEqual([{ partition: 0, position: 0 }]);
  expect(tries).toBe(3);
  await log.close();
});

it('throws what will not pass, at once or later', async () => {
  const wrong = new AppError('config_invalid', 'The topic has one partition.');
  await expect(openLater({ open: async () => Promise.reject(wrong), onFailed: () => undefined })).rejects.toBe(wrong);
  const answers = [away(), wrong];
  const onFailed = vi.fn();
  const log = await openLater({ open: async () => Promise.reject(answers.shift()), onFailed });
  await expect.poll(() => onFailed.mock.calls, { timeout: 10_000 }).toEqual([[wrong]]);
  await expect(log.append([record])).rejects.toSatisfy((error) => isAppError(error, 'log_unavailable'));
  await log.close();
});

it('stops trying when it is closed', async () => {
  const open = vi.fn(async () => Promise.reject(away()));
  const log = await openLater({ open, onFailed: () => undefined });
  await log.close();
  expect(open).toHaveBeenCalledTimes(1);
});
