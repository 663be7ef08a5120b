import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { createRandom } from '../src/history.ts';
import { writeReliability } from '../src/write-reliability.ts';
import { type Fault, planFaults } from './plan-faults.ts';
import { runChaos } from './run-chaos.ts';
import { type Stack, startStack } from './start-stack.ts';
import { findChaosFaults, toChaosReport } from './to-chaos-report.ts';

/**
 * `npm run chaos`: two servers, three processors, three brokers, Redis, Postgres and the engine, each killed, frozen and cut off by turns while
 * clients send, brokers rolled as well, and holds what was acknowledged against what is stored, row by row. Exits with 1 where a row is lost, doubled
 * or out of order, 2 where it is wrongly asked.
 */
const usage = `usage: npm run chaos -- [--minutes 30] [--seed TEXT] [--write]
  --minutes  faults are done for so long; from 20 on, the store and all brokers are away for five minutes each among them
  --seed     plays the same faults and the same load again
  --write    puts the report into docs/reliability.md`;

const longAwayMs = 5 * 60_000;
const persons = 40;
const eventsPerBatch = 5;

const { minutes, seed, write } = read();
console.log(`chaos: ${minutes} minutes, seed ${seed}`);
let stack: Stack | undefined;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => void (stack?.close() ?? Promise.resolve()).finally(() => process.exit(1)));
}
const startedAt = Date.now();
stack = await startStack({ brokers: 3, servers: 2, processors: 3, partitions: 6 });
try {
  const result = await runChaos({
    stack,
    faults: planRun(Date.now() + minutes * 60_000),
    endsWithFaults: true,
    seed,
    persons,
    batchesPerPerson: Math.ceil(minutes * 60 * 4),
    eventsPerBatch,
    pauseMs: 1_000,
    say: (line) => console.log(`${((Date.now() - startedAt) / 1_000).toFixed(0)} s  ${line}`),
  });
  const faults = findChaosFaults(result);
  const report = toChaosReport({
    result,
    faults,
    command: `npm run chaos -- --minutes ${minutes} --seed ${seed}`,
    date: new Date(),
  });
  console.log(`\n${report}`);
  for (const fault of faults) console.error(`FAULT ${fault}`);
  if (write) writeReliability('chaos', report);
  process.exitCode = faults.length === 0 ? 0 : 1;
} finally {
  await stack.close();
}

function* planRun(until: number): Generator<Fault> {
  const long: Fault[] =
    minutes < 20
      ? []
      : (['engine', 'brokers'] as const).map((part) => ({
          part,
          which: 0,
          how: 'kill',
          awayMs: longAwayMs,
          restMs: 20_000,
        }));
  let number = 0;
  for (const fault of planFaults(createRandom(seed), 10_000)) {
    if (Date.now() > until) return;
    number += 1;
    const away = number % 20 === 10 ? long.shift() : undefined;
    yield away ?? fault;
  }
}

function read(): { minutes: number; seed: string; write: boolean } {
  const options = {
    minutes: { type: 'string', default: '30' },
    seed: { type: 'string', default: randomBytes(4).toString('hex') },
    write: { type: 'boolean', default: false },
  } as const;
  try {
    const given = parseArgs({ options }).values;
    const count = Number(given.minutes);
    return count > 0 && count <= 240
      ? { ...given, minutes: count }
      : refuse(`--minutes must be 1 to 240: ${given.minutes}`);
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
}

function refuse(why: string): never {
  console.error(`${why}\n${usage}`);
  process.exit(2);
}
