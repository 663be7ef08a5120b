import { type EngineName, engineNames } from './engines/engine.ts';
import { type Cell, findFaults } from './play-repeatedly.ts';
import type { RunResult } from './play-scenario.ts';
import { type Reason, reasons, type Scenario } from './scenario.ts';

type Versions = Readonly<Record<EngineName, string>>;

const sum = (runs: readonly RunResult[], pick: (run: RunResult) => number): number =>
  runs.reduce((total, run) => total + pick(run), 0);
const grouped = (number: number): string => number.toLocaleString('en');

/** Gives the loss table as Markdown: scenarios as rows, engines as columns, and below it why a cell differs. */
export function toLossTable(scenarios: readonly Scenario[], cells: readonly Cell[], versions: Versions): string {
  const used = [...new Set(cells.flatMap(({ scenario, engine }) => scenario.otherwise?.[engine] ?? []))];
  const head = ['scenario', 'events a run', ...engineNames.map((name) => versions[name])];
  const rows = toRows(scenarios, cells, (cell) => toResult(cell, used));
  const notes = used.map((reason, index) => `${index + 1}. ${reasons[reason].why}. Kept: ${reasons[reason].kept}.`);
  return [...toLines(head, rows), ...(notes.length > 0 ? ['', ...notes] : [])].join('\n');
}

/** Gives, as Markdown, what was stored before the visitor came back, in percent of what was sent. */
export function toBeforeReturnTable(scenarios: readonly Scenario[], cells: readonly Cell[]): string {
  const withReturn = cells.filter(({ runs }) => runs.some((run) => run.beforeReturn !== null));
  const rows = toRows(scenarios, withReturn, ({ runs }) => {
    const noted = runs.filter((run) => run.beforeReturn !== null);
    const share = sum(noted, (run) => run.beforeReturn ?? 0) / sum(noted, (run) => run.sent);
    return `${Math.floor(share * 100)} %`;
  });
  return toLines(['scenario', 'events a run', ...engineNames], rows).join('\n');
}

/** Gives, as Markdown, how many copies the server took beyond the first of each event, as a share of what was sent. */
export function toCopiesTable(scenarios: readonly Scenario[], cells: readonly Cell[]): string {
  const rows = toRows(
    scenarios,
    cells,
    ({ runs }) => `${Math.round((sum(runs, (run) => run.extraCopies) / sum(runs, (run) => run.sent)) * 100)} %`,
  );
  return toLines(['scenario', 'events a run', ...engineNames], rows).join('\n');
}

function toRows(scenarios: readonly Scenario[], cells: readonly Cell[], toText: (cell: Cell) => string): string[][] {
  const played = scenarios.filter((scenario) => cells.some((cell) => cell.scenario === scenario));
  return played.map((scenario) => [
    scenario.name,
    String(scenario.events),
    ...engineNames.map((name) => {
      const cell = cells.find((one) => one.scenario === scenario && one.engine === name);
      return cell === undefined ? 'not run' : toText(cell);
    }),
  ]);
}

function toResult(cell: Cell, used: readonly Reason[]): string {
  const { runs, scenario, engine } = cell;
  const reason = scenario.otherwise?.[engine];
  const note = reason === undefined ? '' : ` (${used.indexOf(reason) + 1})`;
  const doubled = sum(runs, (run) => run.doubled);
  const broken = runs.filter((run) => run.broken !== null).length;
  const stored = `${grouped(sum(runs, (run) => run.stored))} of ${grouped(sum(runs, (run) => run.sent))}`;
  const more = `${doubled > 0 ? `, ${doubled} doubled` : ''}${broken > 0 ? `, ${broken} not played` : ''}`;
  return `${findFaults(cell).length > 0 ? `**${stored}**` : stored}${more}${note}`;
}

function toLines(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const rule = head.map((_, index) => (index === 0 ? '---' : '--:'));
  return [head, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`);
}
