import { readFileSync } from 'node:fs';
import { processorConfigSchema } from '@px-platform/processor';
import { type EventRow, eventColumns } from '@px-platform/schemas';
import { openEmbeddedStore } from '@px-platform/store';
import { answerParent } from './answer-parent.ts';
import { readProcessCost } from './process-cost.ts';

// The limit of storing: the engine alone, in a process that does nothing else, taking the rows that the
// pipeline made, in batches of the size that the processor uses.
const batchRows = processorConfigSchema.parse({}).BATCH_SIZE;

answerParent(async (message) => {
  const { file, folder } = message as { file: string; folder: string };
  const rows = readFileSync(file, 'utf8').split('\n').filter(Boolean).map(parseRow);
  const { store } = await openEmbeddedStore({ path: folder, clock: Date.now });
  const before = readProcessCost(process.pid);
  const startedAt = performance.now();
  for (let at = 0; at < rows.length; at += batchRows) {
    const batch = rows.slice(at, at + batchRows);
    const [first] = batch;
    const last = batch.at(-1);
    if (first === undefined || last === undefined) break;
    await store.insert({
      logId: first._log,
      partition: first._partition,
      firstOffset: first._offset,
      lastOffset: last._offset,
      rows: batch,
    });
  }
  const seconds = (performance.now() - startedAt) / 1_000;
  const after = readProcessCost(process.pid);
  await store.close();
  return {
    rows: rows.length,
    seconds,
    cpuSeconds: after.cpuSeconds - before.cpuSeconds,
    peakBytes: after.peakBytes,
  };
});

/** Turns a line of an export back into the row that was stored. */
function parseRow(line: string): EventRow {
  const given: Record<string, unknown> = JSON.parse(line);
  const row = Object.fromEntries(eventColumns.map((column) => [column, given[column]]));
  return {
    ...row,
    timestamp: Date.parse(String(given['timestamp'])),
    received_at: Date.parse(String(given['received_at'])),
    _offset: Number(given['_offset']),
  } as EventRow;
}
