import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { findFreePort, type StandaloneProcess, startProcess } from '../src/standalone-process.ts';
import { type Engine, type EngineName, engineNames } from './engines/engine.ts';
import { openEngine } from './engines/open-engine.ts';
import { toLossTable } from './loss-table.ts';
import { type Cell, findFaults, playRepeatedly } from './play-repeatedly.ts';
import type { Scenario } from './scenario.ts';
import { scenarios } from './scenarios/index.ts';
import { openStoredRows, type StoredRows } from './stored-rows.ts';

const times = 3;
const dataDir = mkdtempSync(join(tmpdir(), 'px-loss-'));
const cells: Cell[] = [];
const engines = new Map<EngineName, Promise<Engine>>();
/** An engine plays one scenario after another: a machine that does all at once would measure itself. */
const lanes = new Map<EngineName, Promise<unknown>>();
let server: StandaloneProcess;
let rows: StoredRows;

beforeAll(async () => {
  server = await startProcess({ dataDir, port: await findFreePort() });
  rows = await openStoredRows(server);
  for (const name of engineNames) {
    const engine = openEngine[name]();
    // A missing engine fails its own tests, which tell how to install it.
    engine.catch(() => undefined);
    engines.set(name, engine);
  }
  await Promise.allSettled(engines.values());
});
afterAll(async () => {
  const versions = { chromium: 'chromium', firefox: 'firefox', webkit: 'webkit' };
  for (const opened of await Promise.allSettled(engines.values())) {
    if (opened.status === 'rejected') continue;
    versions[opened.value.name] = opened.value.version;
    await opened.value.close();
  }
  await server.stop();
  rmSync(dataDir, { recursive: true, force: true });
  const inOrder = scenarios.flatMap((scenario) => cells.filter((cell) => cell.scenario === scenario));
  console.log(`What the SDK stores, ${times} runs a scenario:\n\n${toLossTable(inOrder, versions)}\n`);
});

async function playInTurn(scenario: Scenario, name: EngineName): Promise<Cell> {
  const engine = await engines.get(name);
  if (engine === undefined) throw new Error(`${name} was not opened.`);
  const turn = (lanes.get(name) ?? Promise.resolve()).then(() =>
    playRepeatedly(scenario, { server, rows, engine }, { times, atOnce: times }),
  );
  lanes.set(
    name,
    turn.catch(() => undefined),
  );
  const cell = await turn;
  cells.push(cell);
  return cell;
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
