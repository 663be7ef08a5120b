import { createMemoryGroup, createMemoryLog, type GroupReader } from '@px-platform/log';
import { AppError, createLogger, isAppError } from '@px-platform/runtime';
import { expect, it } from 'vitest';
import { createProcessorMetrics } from './metrics.ts';
import { waitOut } from './wait-out.ts';

const deps = { metrics: createProcessorMetrics(), logger: createLogger({ level: 'silent', name: 'test' }) };

async function joinMemory(): Promise<GroupReader> {
  const log = createMemoryLog({ partitions: 1, maxBytes: 1e6, clock: () => 1 });
  await log.append([{ key: 'k', payload: Buffer.from('x') }]);
  const joined = Promise.withResolvers<GroupReader>();
  await createMemoryGroup(log)
    .member()
    .join({ assigned: joined.resolve, revoked: async () => undefined, failed: joined.reject });
  return joined.promise;
}

it('asks again while the brokers are away, and gives an answer that is null as it is', async () => {
  const reader = await joinMemory();
  let tries = 0;
  const flaky: GroupReader = {
    ...reader,
    async read(...asked) {
      tries += 1;
      if (tries < 3) throw new AppError('log_unavailable', 'No broker answers.');
      return reader.read(...asked);
    },
  };
  const patient = waitOut(flaky, deps, new AbortController().signal);
  expect(await patient.read(0, 0, { maxRecords: 1, maxBytes: 1 })).toHaveLength(1);
  expect(await patient.planned(0)).toBeNull();
  expect(tries).toBe(3);
});

it('ends with its generation, and passes on what will not pass', async () => {
  const reader = await joinMemory();
  const ending = new AbortController();
  const away = waitOut(
    { ...reader, committed: async () => Promise.reject(new AppError('log_unavailable', 'No broker answers.')) },
    deps,
    ending.signal,
  );
  const asking = away.committed(0);
  ending.abort();
  await expect(asking).rejects.toSatisfy((error) => isAppError(error, 'log_revoked'));
  const broken = waitOut(
    { ...reader, read: async () => Promise.reject(new RangeError('no')) },
    deps,
    AbortSignal.any([]),
  );
  await expect(broken.read(0, 0, { maxRecords: 1, maxBytes: 1 })).rejects.toThrow(RangeError);
});
