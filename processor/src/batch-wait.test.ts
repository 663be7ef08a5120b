import { expect, it } from 'vitest';
import { toBatchWaitMs } from './batch-wait.ts';

const config = { BATCH_SIZE: 10_000, FLUSH_INTERVAL_MS: 500 };

it('waits for the flush interval where little comes, and twice as long where the batch fills', () => {
  expect([0, 1, 999, 1_000, 9_999].map((records) => toBatchWaitMs(records, config))).toEqual([
    500, 500, 500, 1_000, 1_000,
  ]);
});

it('waits for nothing where no interval is set', () => {
  expect([1, 9_999].map((records) => toBatchWaitMs(records, { ...config, FLUSH_INTERVAL_MS: 0 }))).toEqual([0, 0]);
});
