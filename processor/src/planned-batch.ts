import type { GroupReader, LogReader } from '@px-platform/log';
import type { Logger } from '@px-platform/runtime';
import type { ConsumeSignals } from './consume-signals.ts';
import type { ProcessorMetrics } from './metrics.ts';
import { retrying } from './retrying.ts';

/** Says whether the partitions are shared with others, so that batches are planned. Source: docs/adr/0032-planned-batches.md. */
export function isOfGroup(reader: LogReader | GroupReader): reader is GroupReader {
  return 'plan' in reader;
}

/** Gives the end of the batch that was planned and not committed, by whoever held the partition; null where there is none. */
export async function readPlannedEnd(reader: LogReader | GroupReader, partition: number): Promise<number | null> {
  return isOfGroup(reader) ? reader.planned(partition) : null;
}

/** Plans the batch up to `end` where there is a group to be told; false when it was time to end first. Throws `log_revoked`. */
export async function planBatch(
  deps: {
    readonly reader: LogReader | GroupReader;
    readonly metrics: ProcessorMetrics;
    readonly logger: Logger;
  },
  partition: number,
  end: number,
  signals: ConsumeSignals,
): Promise<boolean> {
  const { reader } = deps;
  if (!isOfGroup(reader)) return true;
  return (await retrying(deps, signals, () => reader.plan(partition, end).then(() => true))) !== null;
}

/** Names the batch from the committed position `from` up to `end`, the same way whoever stores it; nothing outside a group. */
export function toBatchName(
  reader: LogReader | GroupReader,
  partition: number,
  from: number,
  end: number,
): { readonly name?: string } {
  return isOfGroup(reader) ? { name: `${reader.logId}:${partition}:${from}-${end}` } : {};
}
