import type { KillRecord } from '../kills/kill-one.ts';
import { killPhases } from '../kills/phase-of-kill.ts';
import type { KillKind } from '../kills/plan-kills.ts';
import { countDuplicates } from '../ledger/make-ledger.ts';
import type { SoakResult } from '../run-soak.ts';
import { sortUnanswered } from './sort-unanswered.ts';

const kindsTold: Readonly<Record<KillKind, string>> = {
  server: 'the server (log, requests)',
  processor: 'the processor (engine)',
  both: 'both at once',
};

/** What was asked of the run. */
export interface Asked {
  readonly kills: number;
  readonly events: number;
  readonly minutes: number;
  readonly seed: string;
}

/** Gives the text of `docs/reliability.md`: what was killed and when, and what the ledger found. */
export function toReport({
  result,
  faults,
  asked,
  date,
}: {
  readonly result: SoakResult;
  readonly faults: readonly string[];
  readonly asked: Asked;
  readonly date: Date;
}): string {
  const { kills, tally, ledger, minutes } = result;
  const appends = sortUnanswered(kills, tally.unanswered, ledger.storedUnanswered);
  const command = `npm run soak -- --kills ${asked.kills} --events ${asked.events} --minutes ${asked.minutes} --seed ${asked.seed}`;
  const isShort = kills.length < asked.kills || ledger.acknowledged < asked.events;
  return `# Reliability

Made by \`${command} --write\` on ${date.toISOString().slice(0, 10)}, in ${minutes.toFixed(0)} minutes${isShort ? ', which ended it before all that was asked' : ''}. A standalone as \`npm start\` runs it, server and
processor on the embedded adapters, takes batches of 50 events of 40 clients, which send again what was not answered, with the
same \`event_id\`, after a growing wait, as the SDK does. Its processes are killed (SIGKILL) evenly over the events. At the end the ledger
reads every row of \`events\`, copies that are not merged yet among them, and holds it against what was sent and acknowledged.

**${kills.length} kills over ${ledger.acknowledged.toLocaleString('en')} events: loss ${ledger.lost.length}, duplicates ${countDuplicates(ledger)}.**${faults.length === 0 ? '' : `\n\n${faults.map((fault) => `- FAULT: ${fault}`).join('\n')}`}

## The ledger

${toTable(
  ['', 'count'],
  [
    ['events sent', ledger.sent],
    ['of these acknowledged (202)', ledger.acknowledged],
    ['rows stored', ledger.rows],
    ['rows that inserts ever wrote, counted part by part before any merge', ledger.insertedRows ?? 'not counted'],
    ['acknowledged and not stored (loss)', ledger.lost.length],
    ['stored more than once', ledger.doubled.length],
    ['stored from a later sending than the acknowledged one', ledger.replaced.length],
    ['stored and never sent', ledger.neverSent.length],
    ['stored with another person, name or content than sent', ledger.altered.length],
    ['stored once, though no client was told', ledger.storedUnacknowledged],
    ['requests', tally.requests],
    ['of these sendings again', tally.resends],
    ['of these answered by nobody', tally.unanswered.length],
    ['of these told to wait or send again (408, 429, 5xx)', tally.putOff],
  ],
)}

Derived tables, worked out anew from the stored events in other words than the store's own, row by row:

${toTable(
  ['table', 'rows', 'missing or otherwise', 'not of the events'],
  ledger.derived.map(({ table, rows, missing, extra }) => [`\`${table}\``, rows, missing, extra]),
)}

## Where the kills fell

${toTable(
  ['killed', 'kills', 'takes requests again, p50 / p99', 'stores again, p50 / p99'],
  (Object.keys(kindsTold) as KillKind[]).map((kind) => {
    const own = kills.filter((kill) => kill.kind === kind);
    return [
      kindsTold[kind],
      own.length,
      toTimes(own.flatMap(({ requestsMs }) => requestsMs ?? [])),
      toTimes(own.map(({ rowsMs }) => rowsMs)),
    ];
  }),
)}

Of the cycle of a batch, by what the next processor found above the committed position and what the engine was last seen
to write (\`e2e/soak/kills\`); rows found are made again and not inserted again:

${toTable(
  ['phase', 'kills', 'rows found'],
  killPhases.map((phase) => {
    const own = kills.filter((kill) => kill.phase === phase);
    return [phase, own.length, own.reduce((sum, { heldRows }) => sum + heldRows, 0)];
  }),
)}

Of an append: ${appends.kills} kills of the server cut ${appends.before + appends.after} requests off. ${appends.before} of these fell before the append (nothing of them was stored until they
came again), ${appends.after} after it, before the answer (their rows bear that request's id; the copy that came again was dropped).
A share of the kills waited for its moment, a request or a part that the engine begins or ends: ${kills.filter(isAimed).length}, of which ${kills.filter((kill) => isAimed(kill) && kill.isAimMet).length} met
it within five seconds. The others came at random.
Times hold for a machine that did other work beside; they are the whole way from SIGKILL to the next row.
`;
}

const isAimed = ({ aim }: KillRecord): boolean => aim !== 'random';

function toTable(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly (string | number)[]): string =>
    `| ${cells.map((cell) => (typeof cell === 'number' ? cell.toLocaleString('en') : cell)).join(' | ')} |`;
  return [line(head), `|${head.map((_, at) => (at === 0 ? '---' : '---:')).join('|')}|`, ...rows.map(line)].join('\n');
}

function toTimes(ms: readonly number[]): string {
  if (ms.length === 0) return 'all the while';
  const sorted = ms.toSorted((a, b) => a - b);
  const at = (share01: number): string => {
    const place = Math.min(sorted.length - 1, Math.floor(share01 * sorted.length));
    return `${((sorted[place] ?? 0) / 1_000).toFixed(1)} s`;
  };
  return `${at(0.5)} / ${at(0.99)}`;
}
