import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type EngineName, engineNames } from './engines/engine.ts';
import { openHouse } from './house.ts';
import { toReport } from './loss-report.ts';
import { type Cell, findFaults, playRepeatedly } from './play-repeatedly.ts';
import { scenarios } from './scenarios/index.ts';

/**
 * `npm run sdk:loss`: plays each scenario fifty times in each engine and writes `docs/sdk-loss.md`. With `--times`,
 * `--scenario` (a part of the name) or `--engine` it plays less, prints the report and leaves the file. Exits with 1
 * where an event was lost or stored twice.
 */
const { values } = parseArgs({
  options: { times: { type: 'string' }, scenario: { type: 'string' }, engine: { type: 'string' } },
});
const file = new URL('../../docs/sdk-loss.md', import.meta.url);
const times = Number(values.times ?? 50);
if (!(Number.isInteger(times) && times > 0)) throw new Error(`--times must be a whole number above 0: ${values.times}`);
const names = engineNames.filter((name) => name === (values.engine ?? name));
const chosen = scenarios.filter(({ name }) => name.includes(values.scenario ?? ''));
if (names.length === 0 || chosen.length === 0) throw new Error('No engine or no scenario bears that name.');
const isWhole = values.times === undefined && chosen.length === scenarios.length && names.length === engineNames.length;

// Browsers end with this process, but only where it ends in order.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));

const cells: Cell[] = [];
const startedAt = new Date();
const house = await openHouse();
try {
  await Promise.all(names.map(playAll));
} finally {
  await house.close();
}
const report = toReport({ scenarios, cells, versions: house.versions, times, startedAt, endedAt: new Date() });
if (isWhole) writeFileSync(file, report);
console.log(`\n${report}`);
process.exitCode = cells.some((cell) => findFaults(cell).length > 0) ? 1 : 0;

async function playAll(name: EngineName): Promise<void> {
  const surroundings = await house.surroundings(name);
  for (const scenario of chosen) {
    const cell = await playRepeatedly(scenario, surroundings, { times, atOnce: 3 });
    cells.push(cell);
    const faults = findFaults(cell);
    const seconds = cell.runs.reduce((total, run) => total + run.tookMs, 0) / times / 1_000;
    console.log(
      `${faults.length === 0 ? 'ok    ' : 'FAILED'} ${name}: ${scenario.name} (${seconds.toFixed(1)} s a run)`,
    );
    for (const fault of faults) console.log(`       ${fault}`);
  }
}
