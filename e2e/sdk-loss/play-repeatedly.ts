import type { EngineName } from './engines/engine.ts';
import { playScenario, type RunResult, type Surroundings } from './play-scenario.ts';
import type { Scenario } from './scenario.ts';

/** The runs of one scenario in one engine: a cell of the loss table. */
export interface Cell {
  readonly scenario: Scenario;
  readonly engine: EngineName;
  readonly runs: readonly RunResult[];
}

/** Plays a scenario so many `times`, `atOnce` side by side in one browser, each on an origin and profile of its own. */
export async function playRepeatedly(
  scenario: Scenario,
  surroundings: Surroundings,
  { times, atOnce }: { times: number; atOnce: number },
): Promise<Cell> {
  const runs: RunResult[] = [];
  let started = 0;
  const lane = async (): Promise<void> => {
    while (started < times) {
      started += 1;
      runs.push(await playScenario(scenario, surroundings));
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, times) }, lane));
  return { scenario, engine: surroundings.engine.name, runs };
}

/** Says what is wrong with a cell, a line for each kind of failure; empty where nothing was lost and nothing doubled. */
export function findFaults({ runs }: Cell): string[] {
  const lossy = runs.filter(({ lost }) => lost.length > 0);
  const doubled = runs.filter((run) => run.doubled > 0);
  const broken = [...new Set(runs.flatMap((run) => run.broken ?? []))];
  return [
    ...lossy.map(({ stored, sent, lost }) => `stored ${stored} of ${sent}, lost the numbers ${lost.join(' ')}`),
    ...(doubled.length > 0 ? [`rows too many: ${doubled.map((run) => run.doubled).join(', ')}`] : []),
    ...broken,
  ];
}
