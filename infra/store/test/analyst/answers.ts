import type { EventRow } from '@px-platform/schemas';
import { countDistinct, inOrder, inRank } from '../questions/select-rows.ts';
import { toSessionRows } from '../session-reference.ts';
import { toBrowsers, toFunnelLevel, toPersonOf } from './persons.ts';

/** Works out the answer to one of the document's queries from the events, each given once. */
export type Answer = (rows: readonly EventRow[]) => unknown[][];

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const weekMs = 7 * dayMs;
const march = { from: Date.UTC(2026, 2, 1), to: Date.UTC(2026, 3, 1) };
const isInMarch = (at: number): boolean => at >= march.from && at < march.to;
const isView = (row: EventRow): boolean => row.event === 'page_view';
const toDay = (at: number): string => new Date(at).toISOString().slice(0, 10);
/** 5 January 1970 was a Monday. */
const toMonday = (at: number): number => Math.floor((at - 4 * dayMs) / weekMs) * weekMs + 4 * dayMs;
const berlinHour = new Intl.DateTimeFormat('en', { timeZone: 'Europe/Berlin', hour: 'numeric', hourCycle: 'h23' });
const countBrowsers = (rows: readonly EventRow[]): number => countDistinct(rows.map((row) => row.person_key));
const sum = (values: readonly number[]): number => values.reduce((all, one) => all + one, 0);
/** As `quantileExact(0.5)`: the upper one of two in the middle. */
const toMedian = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** Gives a row for each group, in the order of the groups' names or numbers. */
function groupUp<T, K extends string | number>(
  of: readonly T[],
  toKey: (one: T) => K,
  toValues: (own: T[]) => unknown[],
): [K, ...unknown[]][] {
  const groups = [...Map.groupBy(of, toKey)].map(([key, own]): [K, ...unknown[]] => [key, ...toValues(own)]);
  return groups.toSorted(([a], [b]) =>
    typeof a === 'number' ? a - Number(b) : Buffer.compare(Buffer.from(String(a)), Buffer.from(String(b))),
  );
}

/** The same, the largest first by their first value. */
function rankUp<T>(of: readonly T[], toKey: (one: T) => string, toValues: (own: T[]) => number[]): unknown[][] {
  const groups = [...Map.groupBy(of, toKey)].map(([key, own]): [string, ...number[]] => [key, ...toValues(own)]);
  return inRank(groups, 1);
}

/** By the queries' titles. */
export const answers: Readonly<Record<string, Answer>> = {
  'Events by day': (rows) =>
    groupUp(
      rows.filter((row) => isInMarch(row.timestamp)),
      (row) => toDay(row.timestamp),
      (own) => [own.length],
    ),
  'Visitors by day': (rows) => {
    const personOf = toPersonOf(rows);
    return groupUp(
      rows,
      (row) => toDay(row.timestamp),
      (own) => [countDistinct(own.map(personOf))],
    );
  },
  Pages: (rows) =>
    rankUp(
      rows.filter(isView),
      (row) => row.path,
      (own) => [own.length, countBrowsers(own)],
    ).slice(0, 5),
  Channels: (rows) =>
    rankUp(
      toSessionRows(rows).filter((session) => isInMarch(Date.parse(session.start_at))),
      (session) => String(session['channel']),
      (own) => [own.length, own.filter((session) => session['is_bounce'] === true).length],
    ),
  'Entry pages': (rows) =>
    rankUp(
      toSessionRows(rows),
      (session) => String(session['entry_path']),
      (own) => [own.length, Math.floor(toMedian(own.map((session) => Number(session['duration_ms']))) / 1_000)],
    ),
  'Long sessions': (rows) =>
    toSessionRows(rows)
      .toSorted((a, b) => Number(b['duration_ms']) - Number(a['duration_ms']))
      .slice(0, 5)
      .map((session) => [session['session_id'], session['duration_ms'], session['exit_path']]),
  'Hours of the day': (rows) =>
    groupUp(
      rows.filter(isView),
      (row) => Number(berlinHour.format(row.timestamp)),
      (own) => [own.length],
    ),
  Countries: (rows) =>
    rankUp(
      rows.filter((row) => row.country !== ''),
      (row) => row.country,
      (own) => [own.length, countBrowsers(own)],
    ),
  'New visitors by week': (rows) =>
    groupUp(
      toBrowsers(rows),
      ([first]) => toDay(toMonday(first?.timestamp ?? 0)),
      (own) => [own.length],
    ),
  'Back in the next week': (rows) =>
    groupUp(
      toBrowsers(rows).map((events) => events.map((row) => toMonday(row.timestamp))),
      ([first = 0]) => toDay(first),
      (own) => [own.length, own.filter((weeks) => weeks.includes((weeks[0] ?? 0) + weekMs)).length],
    ),
  Funnel: (rows) => {
    const levels = toBrowsers(rows).map((events) => toFunnelLevel(events, weekMs));
    return [[1, 2, 3].map((level) => levels.filter((reached) => reached >= level).length)];
  },
  Conversion: (rows) => [[countBrowsers(rows), countBrowsers(rows.filter((row) => row.event === 'purchase'))]],
  'Time to buy': (rows) => {
    const took = toBrowsers(rows).map((events) => {
      const bought = events.find((row) => row.event === 'purchase')?.timestamp ?? 0;
      return bought - (events[0]?.timestamp ?? 0);
    });
    const later = took.filter((ms) => ms > 0);
    return [[later.length, Math.floor(toMedian(later) / hourMs)]];
  },
  'A property': (rows) =>
    groupUp(
      rows.filter((row) => row.event === 'purchase' && row.properties['plan'] !== undefined),
      (row) => String(row.properties['plan']),
      (own) => [own.length, sum(own.map((row) => Number(row.properties['seats'])))],
    ),
  'What came next': (rows) => {
    const sessions = [...Map.groupBy(inOrder(rows.filter(isView)), (row) => row.session_id).values()];
    const next = sessions.flatMap((views) =>
      views.flatMap((view, at) => (view.path === '/pricing' ? (views[at + 1]?.path ?? []) : [])),
    );
    return rankUp(
      next,
      (path) => path,
      (own) => [own.length],
    );
  },
  Attention: (rows) =>
    groupUp(
      toSessionRows(rows),
      (session) => String(session['channel']),
      (own) => [Math.floor(sum(own.map((session) => Number(session['engaged_ms']))) / 1_000)],
    ),
  'One person': (rows) =>
    inOrder(rows.filter((row) => ['person 0', 'person 1'].includes(row.person_key)))
      .toReversed()
      .slice(0, 10)
      .map((row) => [new Date(row.timestamp).toISOString(), row.event, row.path]),
  'Persons by a trait': (rows) =>
    groupUp(
      rows.filter((row) => row.event === 'identify' && row.traits['plan'] === 'pro'),
      (row) => row.user_id,
      // The user's own id, and a device; user 0 has two.
      ([row]) => [row?.user_id === 'user 0' ? 3 : 2],
    ),
  Merges: (rows) => {
    const devices = new Set<string>();
    const outcomes = inOrder(rows.filter((row) => row.event === 'identify')).map((row) => {
      if (row.user_id === 'null') return 'blocked_id';
      if (devices.has(row.anonymous_id)) return 'already_joined';
      devices.add(row.anonymous_id);
      return 'joined';
    });
    return groupUp(
      outcomes,
      (outcome) => outcome,
      (own) => [own.length],
    );
  },
  Groups: (rows) =>
    groupUp(
      rows.filter((row) => row.event === 'group'),
      (row) => String(row.properties['group_id']),
      (own) => [countDistinct(own.map((row) => row.user_id)), String(own[0]?.traits['name'])],
    ),
};
