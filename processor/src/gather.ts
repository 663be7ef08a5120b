import type { GroupReader, LogEntry, LogReader } from '@px-platform/log';
import type { Clock } from '@px-platform/runtime';
import type { BatchTurn } from './batch-turn.ts';
import { toBatchWaitMs } from './batch-wait.ts';
import type { ProcessorConfig } from './config.ts';
import type { ConsumeSignals } from './consume-signals.ts';
import { pause } from './pause.ts';

const pollMs = 50;
/** Records of one read: who reads the log also answers requests, and does nothing else meanwhile. */
const readRecords = 500;
const readBytes = 1024 * 1024;

/** Bytes of records at which a batch is worth running, whatever their number and age. */
export const maxBatchBytes = 16 * 1024 * 1024;

/**
 * Adds records to those gathered until a batch is worth running by size or age, or it is time to end. One that is old and not full goes on
 * until its turn: it would only wait, and what comes meanwhile would need a batch more. Where nothing waits, the
 * reader tells when something has come; who aborts has stopped before.
 */
export async function gather(
  deps: { readonly config: ProcessorConfig; readonly reader: LogReader | GroupReader; readonly clock: Clock },
  partition: number,
  next: number,
  gathered: LogEntry[],
  { stopping, aborted, turn }: ConsumeSignals & { readonly turn: BatchTurn },
): Promise<void> {
  const { config, reader, clock } = deps;
  let from = toNext(gathered) ?? next;
  // When the first came, by the clock here: that of the server which appended it may be ahead.
  let seenAt = Number.POSITIVE_INFINITY;
  let bytes = gathered.reduce((sum, entry) => sum + (entry.payload?.length ?? 0), 0);
  while (!aborted.aborted && gathered.length < config.BATCH_SIZE && bytes < maxBatchBytes) {
    const limits = {
      maxRecords: Math.min(readRecords, config.BATCH_SIZE - gathered.length),
      maxBytes: Math.min(readBytes, maxBatchBytes - bytes),
    };
    const more = await reader.read(partition, from, limits);
    from = toNext(more) ?? from;
    const before = bytes;
    for (const entry of more) {
      gathered.push(entry);
      bytes += entry.payload?.length ?? 0;
    }
    const [first] = gathered;
    const isMoreThere = more.length === limits.maxRecords || bytes - before > limits.maxBytes / 2;
    const now = clock();
    if (first !== undefined) seenAt = Math.min(seenAt, now);
    const waitsSince = Math.min(first?.appendedAt ?? seenAt, seenAt);
    const isOld = now - waitsSince >= toBatchWaitMs(gathered.length, config);
    // Who is behind takes full batches: small ones cost more a row, and it would fall behind further.
    if ((isOld && turn.isHere && !isMoreThere) || (stopping.aborted && more.length === 0)) return;
    if (stopping.aborted || isMoreThere) continue;
    if (first === undefined) await reader.arrived(partition, from, stopping);
    else if (isOld) await Promise.race([turn.came, pause(pollMs, stopping)]);
    else await pause(pollMs, stopping);
  }
}

/**
 * Adds records to those gathered until all below `end` are there, which were read once before; it waits for them, or until
 * it is time to end.
 */
export async function gatherBelow(
  { reader }: { readonly reader: LogReader },
  partition: number,
  next: number,
  gathered: LogEntry[],
  end: number,
  { aborted }: Pick<ConsumeSignals, 'aborted'>,
): Promise<void> {
  let from = toNext(gathered) ?? next;
  while (!aborted.aborted && from < end) {
    const more = await reader.read(partition, from, { maxRecords: readRecords, maxBytes: readBytes });
    for (const entry of more) gathered.push(entry);
    from = toNext(more) ?? from;
    if (more.length === 0) await pause(pollMs, aborted);
  }
}

/** The position after the last of these; a log may leave positions out. */
function toNext(entries: readonly LogEntry[]): number | null {
  const last = entries.at(-1);
  return last === undefined ? null : last.position + 1;
}
