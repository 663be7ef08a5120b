import { join } from 'node:path';
import { AppError } from '@px-platform/runtime';
import { createSpooledLog, type EventLog, openLmdbLog, openSpool } from '../src/index.ts';
import { spoolLimits } from '../src/spool/spool-limits.ts';
import { createSpoolObserver } from './spool-observer.ts';

// Appends for ever from several callers, over a log that is away now and then (`flaps`) or for good (`gone`); a line for
// each answer that came: "+ caller turn" for a durable record, "full" where the spool has no room.
const [folder = '', manner = 'flaps', turns = '0'] = process.argv.slice(2);
const clock = () => 1;
const lmdb = openLmdbLog({ path: join(folder, 'broker.lmdb'), partitions: 3, maxBytes: 1e9, minFreeBytes: 0, clock });

async function appendToBroker(records: Parameters<EventLog['append']>[0]): ReturnType<EventLog['append']> {
  const isAway = manner === 'gone' || Math.floor(performance.now() / 40) % 2 === 0;
  const isAnswerLost = manner === 'flaps' && Math.random() < 0.02;
  if (isAway) throw new AppError('log_unavailable', 'away');
  const positions = await lmdb.append(records);
  if (isAnswerLost) throw new AppError('log_unavailable', 'The answer was lost.');
  return positions;
}

const log = createSpooledLog({
  log: { ...lmdb, append: appendToBroker },
  backend: 'lmdb',
  spool: await openSpool({ folder: join(folder, 'spool'), maxBytes: 3_000_000, minFreeBytes: 0, clock }),
  telemetry: createSpoolObserver(),
  random: Math.random,
  stopwatch: () => performance.now(),
  limits: { ...spoolLimits, maxBatchRecords: 40, firstPauseMs: 1, maxPauseMs: 5 },
});

async function call(caller: number): Promise<void> {
  for (let turn = Number(turns); ; turn++) {
    const payload = Buffer.from(`${caller} ${turn}`.padEnd(500 + caller * 100));
    try {
      await log.append([{ key: `caller ${caller}`, payload }]);
      process.stdout.write(`+ ${caller} ${turn}\n`);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'log_full') throw error;
      process.stdout.write('full\n');
      await new Promise(setImmediate);
    }
  }
}

await Promise.all(Array.from({ length: 12 }, (_, caller) => call(caller)));
