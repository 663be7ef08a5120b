import type { LogReader } from '@px-platform/log';
import { parseLogRecord } from '@px-platform/schemas';
import type { Uncommitted } from '@px-platform/store';

/**
 * Gives when the oldest of the first uncommitted records was received (epoch ms), or `now` where none waits or none can
 * be read. A processor that was away for a day goes on with records of a day ago. Throws what the log throws.
 */
export async function findWaitingSince(
  reader: LogReader,
  uncommitted: readonly Uncommitted[],
  now: number,
): Promise<number> {
  let since = now;
  for (const { partition, fromOffset } of uncommitted) {
    const [first] = await reader.read(partition, fromOffset, { maxRecords: 1, maxBytes: 1 });
    const record = first?.payload == null ? null : parseLogRecord(first.payload);
    if (record !== null) since = Math.min(since, record.received_at);
  }
  return since;
}
