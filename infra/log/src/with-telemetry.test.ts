import { expect, it } from 'vitest';
import { createMemoryLog } from './memory.ts';
import { withTelemetry } from './with-telemetry.ts';

it('tells of durable and of refused appends, and passes both through', async () => {
  let now = 1_000;
  const seen: unknown[] = [];
  const memory = createMemoryLog({ partitions: 1, maxBytes: 100, clock: () => now });
  const slow: typeof memory = {
    ...memory,
    append: async (records) => {
      now += 250;
      return await memory.append(records);
    },
  };
  const telemetry = {
    appended: (append: object) => seen.push(append),
    failed: (failure: object) => seen.push(failure),
  };
  const log = withTelemetry(slow, telemetry, () => now);
  const small = { key: 'k', payload: Buffer.alloc(10) };
  expect(await log.append([small, small])).toHaveLength(2);
  const refusal = await log.append([{ key: 'k', payload: Buffer.alloc(90) }]).catch((error: unknown) => error);
  expect(refusal).toMatchObject({ code: 'log_full' });
  expect(seen).toEqual([
    { records: 2, bytes: 20, seconds: 0.25 },
    { records: 1, bytes: 90, seconds: 0.25, error: refusal },
  ]);
  expect((await log.status()).depth).toBe(2);
});
