import { isAppError } from '@px-platform/runtime';
import type { AppendRecord } from '../event-log.ts';
import type { SpoolQueue } from './open-spool.ts';
import { parseSpoolValue } from './spool-value.ts';

/**
 * Offers the log once more what it refused before, for a broker that was set up anew meanwhile. What it refuses again is
 * kept. Throws `log_unavailable` and `log_full`: then the rest waits for another time.
 */
export async function tryAsideAgain(
  append: (records: readonly AppendRecord[]) => Promise<void>,
  aside: SpoolQueue,
): Promise<void> {
  const { depth } = await aside.status();
  const first = await aside.committed(0);
  for (let position = first; position < first + depth; position++) {
    const [entry] = await aside.read(0, position, { maxRecords: 1, maxBytes: 0 });
    if (entry === undefined) return;
    const value = parseSpoolValue(entry.payload);
    const bytes = entry.payload ?? entry.damaged ?? new Uint8Array();
    try {
      await append([value.kind === 'record' ? value.record : { key: '', payload: bytes }]);
    } catch (error) {
      if (!isAppError(error, 'log_refused_records')) throw error;
      // To the end before it leaves its place: a kill in between leaves it twice.
      await aside.append([{ key: '', payload: bytes }]);
    }
    await aside.commit(0, position + 1);
  }
}
