import { availableParallelism } from 'node:os';
import type { EngineName } from './engines/engine.ts';
import { toBeforeReturnTable, toCopiesTable, toLossTable } from './loss-table.ts';
import type { Cell } from './play-repeatedly.ts';
import type { Scenario } from './scenario.ts';

/** Gives the text of `docs/sdk-loss.md`: what was played, what was stored, and what it cost on the way. */
export function toReport(options: {
  scenarios: readonly Scenario[];
  cells: readonly Cell[];
  versions: Readonly<Record<EngineName, string>>;
  times: number;
  startedAt: Date;
  endedAt: Date;
}): string {
  const { scenarios, cells, versions, times, startedAt, endedAt } = options;
  const minutes = Math.round((endedAt.getTime() - startedAt.getTime()) / 60_000);
  const preflights = cells.reduce((total, { runs }) => total + runs.reduce((sum, run) => sum + run.preflights, 0), 0);
  return `# What the SDK loses

Made by \`npm run sdk:loss\` on ${startedAt.toISOString().slice(0, 10)}: each scenario ${times} times in each engine,
${minutes} minutes on ${availableParallelism()} cores. A page of a site of its own calls \`PX.track\` with a number; a proxy stands
between page and server and makes the trouble; what counts are the rows that the real server has stored, read through
its query interface once its log is drained. An event is one row, by \`event_id\` and by its number: fewer are lost,
more are doubled, and either is printed bold. Preflights paid: ${preflights}.

## Stored, of all that were sent

${toLossTable(scenarios, cells, versions)}

## Stored before the visitor came back

A share below 100 % is no loss in the table above: the rest waited in the browser and came with the return.

${toBeforeReturnTable(scenarios, cells)}

## Copies beyond the first

How much was sent again that the server had already, in percent of the events: after an exit, since a beacon brings no
answer, and after trouble. The server keeps one of each.

${toCopiesTable(scenarios, cells)}
`;
}
