import { execFileSync } from 'node:child_process';
import { isAppError } from '@px-platform/runtime';
import { type LogPosition, openLmdbLog } from '../src/index.ts';

// Appends until files may not grow any more, lifts that limit, appends again; prints one line of JSON.
const [path = ''] = process.argv.slice(2);
const options = { path, partitions: 2, maxBytes: 1e9, minFreeBytes: 0, clock: () => 1, refusedPauseMs: 0 };
const log = openLmdbLog(options);
const append = (key: string) => log.append([{ key, payload: Buffer.alloc(4_000, key) }]);
const limitFiles = (soft: string) => execFileSync('prlimit', ['--pid', String(process.pid), `--fsize=${soft}:`]);
const kept: (LogPosition | null)[] = [];
const codes = new Set<string>();
let refusals = 0;
for (let turn = 0; turn < 20; turn++) {
  // No byte at all at last: what began within the limit was written in part until then, which LMDB takes otherwise.
  if (turn === 18) limitFiles('8192');
  const answers = await Promise.allSettled(Array.from({ length: 20 }, (_, index) => append(`key ${index}`)));
  for (const answer of answers) {
    if (answer.status === 'fulfilled') kept.push(...answer.value);
    else {
      refusals++;
      codes.add(isAppError(answer.reason, 'log_unavailable') ? answer.reason.code : String(answer.reason));
    }
  }
}
const [first] = kept;
limitFiles('unlimited');
const after = await append('key 0');
if (first) await log.commit(first.partition, 1);
const { depth, bytes } = await log.status();
await log.close();
const reopened = openLmdbLog(options);
const read = [];
for (const partition of reopened.partitions) {
  const entries = await reopened.read(partition, 0, { maxRecords: 1e6, maxBytes: 1e9 });
  read.push(...entries.map(({ position, payload }) => ({ partition, position, isWhole: payload?.length === 4_000 })));
}
const status = await reopened.status();
await reopened.close();
const result = { kept: kept.length, refusals, codes: [...codes], after, depth, bytes, read, reopened: status };
process.stdout.write(`${JSON.stringify(result)}\n`);
