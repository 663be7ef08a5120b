import { createHash } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type EngineName, engineNames } from './engines/engine.ts';
import { openJournal, type PlayedOnce } from './journal.ts';
import { createLane } from './lane.ts';
import { playScenario } from './play-scenario.ts';
import type { Scenario } from './scenario.ts';
import { scenarios } from './scenarios/index.ts';
import { openHouse, playsAtOnce } from './stand/house.ts';
import { findFaults } from './table/cell.ts';
import { toReport } from './table/loss-report.ts';

/**
 * `npm run sdk:loss`: plays each scenario fifty times in each engine and writes `docs/sdk-loss.md`. What was played is
 * kept in `e2e/out/` until the report is written, so that a run cut short goes on where it stood, with the same build.
 * With `--times`, `--scenario` (a part of the name) or `--engine` it plays less, prints the report and leaves the file.
 * Exits with 1 where a play was not whole.
 */
const { values } = parseArgs({
  options: { times: { type: 'string' }, scenario: { type: 'string' }, engine: { type: 'string' } },
});
const times = Number(values.times ?? 50);
if (!(Number.isInteger(times) && times > 0)) throw new Error(`--times must be a whole number above 0: ${values.times}`);
const names = engineNames.filter((name) => name === (values.engine ?? name));
const chosen = scenarios.filter(({ name }) => name.includes(values.scenario ?? ''));
if (names.length === 0 || chosen.length === 0) throw new Error('No engine or no scenario bears that name.');
const isAll = values.times === undefined && chosen.length === scenarios.length && names.length === engineNames.length;

// Browsers end with this process, but only where it ends in order.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));

const sdk = readFileSync(new URL('../../sdk/dist/px.js', import.meta.url));
const house = await openHouse();
const build = createHash('sha256').update(sdk).update(JSON.stringify(house.versions)).digest('hex').slice(0, 12);
const path = fileURLToPath(new URL(`../out/sdk-loss-${build}.ndjson`, import.meta.url));
const journal = isAll ? openJournal(path) : null;
const played: PlayedOnce[] = [...(journal?.earlier ?? [])];
if (played.length > 0) console.log(`Going on after ${played.length} plays (${path}).`);
try {
  await Promise.all(names.map(playAll));
} finally {
  await house.close();
}

const cells = chosen.flatMap((scenario) =>
  names.map((engine) => ({ scenario, engine, plays: resultsOf(scenario, engine) })),
);
const report = toReport({
  scenarios: chosen,
  cells,
  versions: house.versions,
  times,
  sdkBytes: sdk.length,
  playedAt: new Date(),
});
console.log(`\n${report}`);
if (isAll) {
  writeFileSync(new URL('../../docs/sdk-loss.md', import.meta.url), report);
  rmSync(path, { force: true });
}
process.exitCode = cells.some((cell) => findFaults(cell).length > 0) ? 1 : 0;

function resultsOf({ name }: Scenario, engine: EngineName) {
  return played.flatMap((play) => (play.scenario === name && play.engine === engine ? [play.result] : []));
}

/** Plays round after round: whatever ends early has played all scenarios alike. */
async function playAll(name: EngineName): Promise<void> {
  const surroundings = await house.surroundings(name);
  const lane = createLane(playsAtOnce[name]);
  const done = new Map(chosen.map((scenario) => [scenario, resultsOf(scenario, name).length]));
  const startedAt = performance.now();
  let count = 0;
  const rounds = Array.from({ length: times }, (_, round) => chosen.filter((one) => (done.get(one) ?? 0) <= round));
  await Promise.all(
    rounds.flat().map(async (scenario) => {
      // A play keeps its place until it is judged: judges would else starve behind plays, and a run cut short lose those unjudged.
      const result = await lane(async () => house.judging(await playScenario(scenario, surroundings)));
      const play: PlayedOnce = { scenario: scenario.name, engine: name, result };
      played.push(play);
      journal?.append(play);
      count += 1;
      for (const fault of findFaults({ plays: [play.result] }))
        console.log(`FAULT ${name}: ${scenario.name}: ${fault}`);
      if (count % chosen.length > 0) return;
      console.log(`${name}: ${count} plays in ${Math.round((performance.now() - startedAt) / 1_000)} s`);
    }),
  );
}
