import { AppError } from '@px-platform/runtime';
import { openLmdbLog } from '../src/index.ts';

// Opens each file named on the command line, reads all, appends, commits; one line of JSON a file.
for (const path of process.argv.slice(2)) {
  const outcome = await use(path);
  process.stdout.write(`${JSON.stringify({ path, ...outcome })}\n`);
}

async function use(path: string): Promise<Record<string, unknown>> {
  try {
    const log = openLmdbLog({ path, partitions: 2, maxBytes: 1e8, minFreeBytes: 0, clock: () => 1 });
    try {
      const entries = [];
      for (const partition of log.partitions) {
        const from = await log.committed(partition);
        entries.push(...(await log.read(partition, from, { maxRecords: 1e6, maxBytes: 1e9 })));
      }
      const unreadable = entries.filter(({ payload }) => payload === null).length;
      for (let turn = 0; turn < 3; turn++) {
        for (const at of await log.append([{ key: 'k', payload: Buffer.alloc(5_000) }])) {
          if (at !== null) await log.commit(at.partition, at.position + 1);
        }
      }
      return { isOpened: true, records: entries.length, unreadable };
    } finally {
      await log.close();
    }
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { isOpened: false, code: error.code, message: error.message, hasCause: error.cause !== undefined };
  }
}
