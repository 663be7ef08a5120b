import { afterAll, beforeAll, describe, test } from 'vitest';
import { type EngineName, engineNames } from './engines/engine.ts';
import { createLane } from './lane.ts';
import { playScenario } from './play-scenario.ts';
import type { Scenario } from './scenario.ts';
import { scenarios } from './scenarios/index.ts';
import { type House, openHouse, playsAtOnce } from './stand/house.ts';
import { type Cell, findFaults } from './table/cell.ts';
import { toLossTable } from './table/loss-table.ts';

const times = 3;
const cells: Cell[] = [];
const lanes = {
  chromium: createLane(playsAtOnce.chromium),
  firefox: createLane(playsAtOnce.firefox),
  webkit: createLane(playsAtOnce.webkit),
};
let house: House;

beforeAll(async () => {
  house = await openHouse();
});
afterAll(async () => {
  await house.close();
  console.log(`What the SDK stores, ${times} plays a scenario:\n\n${toLossTable(scenarios, cells, house.versions)}\n`);
});

async function playCell(scenario: Scenario, engine: EngineName): Promise<Cell> {
  const surroundings = await house.surroundings(engine);
  const play = async () => house.judging(await lanes[engine](() => playScenario(scenario, surroundings)));
  const cell = { scenario, engine, plays: await Promise.all(Array.from({ length: times }, play)) };
  cells.push(cell);
  return cell;
}

// All at once, since most of a scenario is waiting: the lanes say how many play.
describe.concurrent('what is sent is stored, each once', () => {
  for (const scenario of scenarios) {
    for (const name of engineNames) {
      // The limit holds for the waiting too, until a place in the engine's lane is free.
      test(`${scenario.name}, ${name}`, { timeout: 900_000 }, async ({ expect }) => {
        expect(findFaults(await playCell(scenario, name))).toEqual([]);
      });
    }
  }
});
