import type { EngineName } from '../engines/engine.ts';
import type { PlayResult } from '../play-scenario.ts';
import type { Scenario } from '../scenario.ts';

/** The plays of one scenario in one engine: a cell of the loss table. */
export interface Cell {
  readonly scenario: Scenario;
  readonly engine: EngineName;
  readonly plays: readonly PlayResult[];
}

/** Says what is wrong with a cell, a line for each kind of failure; empty where nothing was lost and nothing doubled. */
export function findFaults({ plays }: Pick<Cell, 'plays'>): string[] {
  const lossy = plays.filter(({ lost }) => lost.length > 0);
  const doubled = plays.filter((play) => play.doubled > 0);
  return [
    ...lossy.map(({ stored, sent, lost }) => `stored ${stored} of ${sent}, lost the numbers ${lost.join(' ')}`),
    ...(doubled.length > 0 ? [`rows too many: ${doubled.map((play) => play.doubled).join(', ')}`] : []),
    ...new Set(plays.flatMap(({ complaints }) => complaints)),
  ];
}
