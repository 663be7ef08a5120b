import { type EngineName, engineNames } from '../engines/engine.ts';
import type { PlayResult } from '../play-scenario.ts';
import { type Reason, reasons, type Scenario } from '../scenario.ts';
import { type Cell, findFaults } from './cell.ts';

type Versions = Readonly<Record<EngineName, string>>;

const sum = (plays: readonly PlayResult[], pick: (play: PlayResult) => number): number =>
  plays.reduce((total, play) => total + pick(play), 0);
const grouped = (number: number): string => number.toLocaleString('en');

/** Gives the loss table as Markdown: scenarios as rows, engines as columns, and below it why a cell differs. */
export function toLossTable(scenarios: readonly Scenario[], cells: readonly Cell[], versions: Versions): string {
  const used = [...new Set(cells.flatMap(({ scenario, engine }) => scenario.otherwise?.[engine] ?? []))];
  const head = ['scenario', 'events a play', ...engineNames.map((name) => versions[name])];
  const rows = toRows(scenarios, cells, (cell) => toResult(cell, used));
  const notes = used.map((reason, index) => `${index + 1}. ${reasons[reason].why}. Kept: ${reasons[reason].kept}.`);
  return [...toLines(head, rows), ...(notes.length > 0 ? ['', ...notes] : [])].join('\n');
}

/** Gives, as Markdown, how many plays of each engine were whole: all stored, each once, and as the scenario demands. */
export function toPlaysTable(cells: readonly Cell[], versions: Versions): string {
  const rows = engineNames.map((name) => {
    const plays = cells.flatMap((cell) => (cell.engine === name ? cell.plays : []));
    const whole = plays.filter((play) => findFaults({ plays: [play] }).length === 0).length;
    return [versions[name], grouped(plays.length), grouped(whole), grouped(plays.length - whole)];
  });
  return toLines(['engine', 'plays', 'whole', 'not whole'], rows).join('\n');
}

/** Gives, as Markdown, what was stored before the visitor came back, in percent of what was sent. */
export function toBeforeReturnTable(scenarios: readonly Scenario[], cells: readonly Cell[]): string {
  const withReturn = cells.filter(({ plays }) => plays.some((play) => play.beforeReturn !== null));
  const rows = toRows(scenarios, withReturn, ({ plays }) => {
    const noted = plays.filter((play) => play.beforeReturn !== null);
    const share = sum(noted, (play) => play.beforeReturn ?? 0) / sum(noted, (play) => play.sent);
    return `${Math.floor(share * 100)} %`;
  });
  return toLines(['scenario', 'events a play', ...engineNames], rows).join('\n');
}

/** Gives, as Markdown, how many copies the server took beyond the first of each event, as a share of what was sent. */
export function toCopiesTable(scenarios: readonly Scenario[], cells: readonly Cell[]): string {
  const rows = toRows(
    scenarios,
    cells,
    ({ plays }) => `${Math.round((sum(plays, (play) => play.extraCopies) / sum(plays, (play) => play.sent)) * 100)} %`,
  );
  return toLines(['scenario', 'events a play', ...engineNames], rows).join('\n');
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
  const { plays, scenario, engine } = cell;
  const reason = scenario.otherwise?.[engine];
  const note = reason === undefined ? '' : ` (${used.indexOf(reason) + 1})`;
  const doubled = sum(plays, (play) => play.doubled);
  const complaints = plays.filter((play) => play.complaints.length > 0).length;
  const stored = `${grouped(sum(plays, (play) => play.stored))} of ${grouped(sum(plays, (play) => play.sent))}`;
  const more = `${doubled > 0 ? `, ${doubled} doubled` : ''}${complaints > 0 ? `, ${complaints} at fault` : ''}`;
  return `${findFaults(cell).length > 0 ? `**${stored}**` : stored}${more}${note}`;
}

function toLines(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const rule = head.map((_, index) => (index === 0 ? '---' : '--:'));
  return [head, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`);
}
