import type { ProcessorConfig } from './config.ts';

const busyShare01 = 0.1;

/**
 * How long a batch of so many records waits for more, in ms from its oldest. From a tenth of a full batch on the log
 * is busy, and it waits twice as long: each batch is a part on the engine's disk, and a row of a part twice as large
 * costs a quarter less, merges included.
 */
export function toBatchWaitMs(
  records: number,
  config: Pick<ProcessorConfig, 'BATCH_SIZE' | 'FLUSH_INTERVAL_MS'>,
): number {
  const isBusy = records >= config.BATCH_SIZE * busyShare01;
  return config.FLUSH_INTERVAL_MS * (isBusy ? 2 : 1);
}
