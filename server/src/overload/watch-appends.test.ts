import type { EventLog } from '@px-platform/log';
import { AppError } from '@px-platform/runtime';
import { describe, expect, it } from 'vitest';
import { watchAppends } from './watch-appends.ts';

function open() {
  const clock = { now: 0 };
  const waiting: PromiseWithResolvers<never[]>[] = [];
  const log: EventLog = {
    append: () => {
      const append = Promise.withResolvers<never[]>();
      waiting.push(append);
      return append.promise;
    },
    status: async () => ({ backend: 'memory', depth: 0, oldestAgeMs: 0, bytes: 0, maxBytes: 1, lagByPartition: {} }),
    close: async () => undefined,
  };
  return { clock, waiting, watched: watchAppends(log, () => clock.now) };
}

describe('a watched log', () => {
  it('is stalled while appends wait and none has ended for over five seconds', async () => {
    const { clock, waiting, watched } = open();
    clock.now = 60_000;
    expect(watched.isStalled()).toBe(false);
    const both = [watched.log.append([]), watched.log.append([])];
    clock.now = 65_000;
    expect(watched.isStalled()).toBe(false);
    clock.now = 65_001;
    expect(watched.isStalled()).toBe(true);
    waiting[0]?.resolve([]);
    await both[0];
    expect(watched.isStalled()).toBe(false);
    waiting[1]?.resolve([]);
    await both[1];
    clock.now = 1e6;
    expect(watched.isStalled()).toBe(false);
  });

  it('is not well after an append that failed, until one succeeds or ten seconds have passed', async () => {
    const { clock, waiting, watched } = open();
    const full = new AppError('log_full', 'no room');
    const refused = watched.log.append([]);
    waiting[0]?.reject(full);
    await expect(refused).rejects.toBe(full);
    await expect(watched.check()).rejects.toBe(full);
    clock.now = 10_001;
    await watched.check();
    clock.now = 10_000;
    const taken = watched.log.append([]);
    waiting[1]?.resolve([]);
    await taken;
    await watched.check();
  });

  it('answers for its health as fast as the disk answers the append under way', async () => {
    const { waiting, watched } = open();
    void watched.log.append([]);
    let isTold = false;
    const told = watched.check().then(() => {
      isTold = true;
    });
    await new Promise(setImmediate);
    expect(isTold).toBe(false);
    waiting[0]?.resolve([]);
    await told;
  });
});
