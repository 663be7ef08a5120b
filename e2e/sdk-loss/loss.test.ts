import { afterAll, beforeAll, describe, test } from 'vitest';
import { type EngineName, engineNames } from './engines/engine.ts';
import { type House, openHouse } from './house.ts';
import { toLossTable } from './loss-table.ts';
import { type Cell, findFaults, playRepeatedly } from './play-repeatedly.ts';
import type { Scenario } from './scenario.ts';
import { scenarios } from './scenarios/index.ts';

const times = 3;
const cells: Cell[] = [];
/** An engine plays one scenario after another: a machine that did all at once would measure itself. */
const lanes = new Map<EngineName, Promise<unknown>>();
let house: House;

beforeAll(async () => {
  house = await openHouse();
});
afterAll(async () => {
  await house.close();
  console.log(`What the SDK stores, ${times} runs a scenario:\n\n${toLossTable(scenarios, cells, house.versions)}\n`);
});

function playInTurn(scenario: Scenario, name: EngineName): Promise<Cell> {
  const play = async (): Promise<Cell> => {
    const cell = await playRepeatedly(scenario, await house.surroundings(name), { times, atOnce: times });
    cells.push(cell);
    return cell;
  };
  const turn = (lanes.get(name) ?? Promise.resolve()).then(play, play);
  lanes.set(name, turn);
  return turn;
}

for (const scenario of scenarios) {
  describe(scenario.name, () => {
    for (const name of engineNames) {
      // The limit holds for the waiting too, until the engine has played what comes before.
      test.concurrent(`${name}: all are stored, each once`, { timeout: 900_000 }, async ({ expect }) => {
        expect(findFaults(await playInTurn(scenario, name))).toEqual([]);
      });
    }
  });
}
