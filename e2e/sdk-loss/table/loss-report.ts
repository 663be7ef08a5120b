import { availableParallelism } from 'node:os';
import type { EngineName } from '../engines/engine.ts';
import type { Scenario } from '../scenario.ts';
import type { Cell } from './cell.ts';
import { toBeforeReturnTable, toCopiesTable, toLossTable, toPlaysTable } from './loss-table.ts';

/** Gives the text of `docs/sdk-loss.md`: what was played, what was stored, and what it cost on the way. */
export function toReport(options: {
  scenarios: readonly Scenario[];
  cells: readonly Cell[];
  versions: Readonly<Record<EngineName, string>>;
  times: number;
  /** Of the `px.js` that was played. */
  sdkBytes: number;
  playedAt: Date;
}): string {
  const { scenarios, cells, versions, times, sdkBytes, playedAt } = options;
  const preflights = cells.reduce(
    (total, { plays }) => total + plays.reduce((sum, play) => sum + play.preflights, 0),
    0,
  );
  return `# What the SDK loses

Made by \`npm run sdk:loss\` on ${playedAt.toISOString().slice(0, 10)}, with a \`px.js\` of ${sdkBytes.toLocaleString('en')} bytes: each scenario ${times} times in each
engine, on ${availableParallelism()} cores. A page of a site of its own calls \`PX.track\` with a number; a proxy stands between page
and server and makes the trouble; what counts are the rows that the real server has stored in a project of the play's
own, read once all that it has acknowledged is stored. An event is one row, by \`event_id\` and by its number: fewer are
lost, more are doubled, as are page views beyond the pages shown, and either is printed bold. Preflights paid: ${preflights}.

${toPlaysTable(cells, versions)}

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
