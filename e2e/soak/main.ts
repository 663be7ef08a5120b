import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { writeReliability } from '../src/write-reliability.ts';
import { findFaults } from './ledger/make-ledger.ts';
import { toReport } from './report/to-report.ts';
import { runSoak } from './run-soak.ts';

/**
 * `npm run soak`: kills a standalone's processes 200 times while it takes a million events, and holds what was acknowledged
 * against what is stored, row by row. Exits with 1 where a row is lost, doubled or wrong, 2 where it is wrongly asked.
 */
const usage = `usage: npm run soak -- [--kills 200] [--events 1000000] [--minutes 90] [--seed TEXT] [--write]
  --kills, --events  how often processes are killed, over how many events
  --minutes          it stops by itself after so long and makes the ledger of what was done
  --seed             plays the same kills and the same load again
  --write            puts the report into docs/reliability.md`;

const options = {
  kills: { type: 'string', default: '200' },
  events: { type: 'string', default: '1000000' },
  minutes: { type: 'string', default: '90' },
  seed: { type: 'string', default: randomBytes(4).toString('hex') },
  write: { type: 'boolean', default: false },
} as const;

const { seed, write, ...given } = read();
const [kills, events, minutes] = [toCount('kills'), toCount('events'), toCount('minutes')];
console.log(`soak: ${kills} kills over ${events} events, ${minutes} minutes at most, seed ${seed}`);

// An exit takes along what was started: the processes see that this one is gone.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));

const result = await runSoak({ kills, events, minutes, seed, env: {}, say: (line) => console.log(line) });
const faults = findFaults(result.ledger);
const report = toReport({ result, faults, asked: { kills, events, minutes, seed }, date: new Date() });
console.log(`\n${report}`);
for (const fault of faults) console.error(`FAULT ${fault}`);
if (write) writeReliability('soak', report);
process.exitCode = faults.length === 0 ? 0 : 1;

function read() {
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
}

function toCount(name: 'kills' | 'events' | 'minutes'): number {
  const count = Number(given[name]);
  return Number.isInteger(count) && count > 0
    ? count
    : refuse(`--${name} must be a whole number above 0: ${given[name]}`);
}

function refuse(why: string): never {
  console.error(`${why}\n${usage}`);
  process.exit(2);
}
