import { isAppError } from '@px-platform/runtime';
import { openLmdbLog } from '../src/index.ts';

// Appends one record after the other while the disk refuses writes; prints how each append ended, and that the log closes;
// and where a reader waits on for a record though a read would say that the log can't be used.
const [path = '', refusedPauseMs = '0'] = process.argv.slice(2);
const log = openLmdbLog({
  path,
  partitions: 1,
  maxBytes: 1e9,
  minFreeBytes: 0,
  clock: () => 1,
  refusedPauseMs: Number(refusedPauseMs),
});
const print = (line: string) => void process.stdout.write(`${line}\n`);
let waits = true;
void log.arrived(0, 1e6, new AbortController().signal).then(() => {
  waits = false;
});
for (let count = 0; count < 200; count += 1) {
  try {
    await log.append([{ key: 'k', payload: Buffer.from(`record ${count}`) }]);
    print(`+ ${count}`);
  } catch (error) {
    print(isAppError(error, 'log_unavailable') ? `- ${count}` : String(error));
  }
}
let isUsable = true;
try {
  await log.read(0, 0, { maxRecords: 1, maxBytes: 1e6 });
} catch (error) {
  isUsable = false;
  if (!isAppError(error, 'log_unavailable')) print(String(error));
}
if (waits !== isUsable) print(`the reader waits: ${waits}, the log can be used: ${isUsable}`);
await log.close();
print('closed');
