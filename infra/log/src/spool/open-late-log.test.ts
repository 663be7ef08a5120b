import { AppError, type AppErrorCode } from '@px-platform/runtime';
import { describe, expect, it } from 'vitest';
import { createMemorySpool } from '../../test/memory-spool.ts';
import { createSpoolObserver } from '../../test/spool-observer.ts';
import { createMemoryLog } from '../memory.ts';
import { createSpooledLog } from './create-spooled-log.ts';
import { openLateLog } from './open-late-log.ts';
import { spoolLimits } from './spool-limits.ts';

/** Opens a memory log, or throws what a test says. */
function createOpener(code: AppErrorCode | null) {
  const memory = createMemoryLog({ partitions: 1, maxBytes: 1e9, clock: () => 1 });
  const opener = {
    code,
    opened: 0,
    memory,
    async open() {
      await new Promise(setImmediate);
      if (opener.code !== null) throw new AppError(opener.code, 'No.');
      opener.opened += 1;
      return memory;
    },
  };
  return opener;
}
const record = { key: 'ann', payload: Buffer.from('a') };

describe('a log that is opened late', () => {
  it('is away until it can be opened, and is opened once', async () => {
    const opener = createOpener('log_unavailable');
    const log = await openLateLog(opener.open);
    await expect(log.append([record])).rejects.toMatchObject({ code: 'log_unavailable' });
    await expect(log.status()).rejects.toMatchObject({ code: 'log_unavailable' });
    opener.code = null;
    await Promise.all([log.append([record]), log.append([record]), log.status()]);
    expect(opener.opened).toBe(1);
    expect((await log.status()).depth).toBe(2);
    await log.close();
    await expect(log.append([record])).rejects.toMatchObject({ code: 'log_unavailable' });
  });

  it('ends the start where it is there and can not be used, and is away where that shows later', async () => {
    await expect(openLateLog(createOpener('config_invalid').open)).rejects.toMatchObject({ code: 'config_invalid' });
    const opener = createOpener('log_unavailable');
    const log = await openLateLog(opener.open);
    opener.code = 'config_invalid';
    await expect(log.append([record])).rejects.toMatchObject({
      code: 'log_unavailable',
      cause: { code: 'config_invalid' },
    });
    await log.close();
    await expect(log.append([record])).rejects.toMatchObject({ code: 'log_unavailable' });
  });

  it('lets a server start and take events while its broker is away, and drains when it comes', async () => {
    const opener = createOpener('log_unavailable');
    const log = createSpooledLog({
      log: await openLateLog(opener.open),
      backend: 'kafka',
      spool: createMemorySpool(),
      telemetry: createSpoolObserver(),
      random: () => 0.5,
      stopwatch: () => 0,
      limits: { ...spoolLimits, firstPauseMs: 1, maxPauseMs: 5 },
    });
    expect(await log.append([record])).toEqual([null]);
    expect(await log.status()).toMatchObject({ backend: 'kafka', depth: 0, spool: { isInUse: true, depth: 1 } });
    opener.code = null;
    await expect.poll(async () => (await log.status()).spool?.depth, { timeout: 20_000 }).toBe(0);
    expect((await opener.memory.status()).depth).toBe(1);
    await log.close();
  });
});
