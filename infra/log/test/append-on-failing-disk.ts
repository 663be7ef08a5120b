import { isAppError } from '@px-platform/runtime';
import { openLmdbLog } from '../src/index.ts';

// Appends one record after the other while the disk refuses writes; prints how each append ended, and that the log closes.
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
for (let count = 0; count < 200; count += 1) {
  try {
    await log.append([{ key: 'k', payload: Buffer.from(`record ${count}`) }]);
    print(`+ ${count}`);
  } catch (error) {
    print(isAppError(error, 'log_unavailable') ? `- ${count}` : String(error));
  }
}
try {
  await log.read(0, 0, { maxRecords: 1, maxBytes: 1e6 });
} catch (error) {
  if (!isAppError(error, 'log_unavailable')) print(String(error));
}
await log.close();
print('closed');
