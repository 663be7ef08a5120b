import type { EventRow } from '@px-platform/schemas';
import { countDistinct, inRank, isSelected, type Selection, selectSessions } from './select-rows.ts';

/** The overview, told slowly. */
export function referOverview(rows: readonly EventRow[], selection: Selection): unknown[] {
  const asked = rows.filter((row) => isSelected(row, selection));
  const sessions = selectSessions(rows, selection);
  return [
    countDistinct(asked.map((row) => row.person_key)),
    sessions.length,
    asked.filter(isPageView).length,
    asked.length,
    toBounceRate(sessions),
    toMeanDuration(sessions),
  ];
}

/** The pages seen most. */
export function referPages(rows: readonly EventRow[], selection: Selection): unknown[][] {
  const views = rows.filter((row) => isSelected(row, selection) && isPageView(row));
  const groups = [...Map.groupBy(views, (row) => row.path)].map(([path, of]): [string, ...number[]] => [
    path,
    of.length,
    countDistinct(of.map((row) => row.person_key)),
    countDistinct(of.map((row) => row.session_id)),
  ]);
  return inRank(groups, 1);
}

/** The pages on which sessions began or ended. */
export function referEntryExitPages(rows: readonly EventRow[], selection: Selection, place: 0 | -1): unknown[][] {
  const sessions = selectSessions(rows, selection).filter((session) => session.some(isPageView));
  const byPath = Map.groupBy(sessions, (session) => session.filter(isPageView).at(place)?.path ?? '');
  const groups = [...byPath].map(([path, of]): [string, ...number[]] => [
    path,
    countPersons(of, selection),
    of.length,
    toBounceRate(of),
    toMeanDuration(of),
  ]);
  return inRank(groups, 2);
}

/** Where sessions came from. */
export function referSources(
  rows: readonly EventRow[],
  selection: Selection,
  by: 'channel' | 'utm_source',
): unknown[][] {
  const bySource = Map.groupBy(selectSessions(rows, selection), (session) => session[0]?.[by] ?? '');
  const groups = [...bySource].map(([source, of]): [string, ...number[]] => [
    source,
    countPersons(of, selection),
    of.length,
    of.flat().filter((row) => isSelected(row, selection) && isPageView(row)).length,
    toBounceRate(of),
    toMeanDuration(of),
  ]);
  return inRank(groups, 2);
}

function countPersons(sessions: readonly EventRow[][], selection: Selection): number {
  const asked = sessions.flat().filter((row) => isSelected(row, selection));
  return countDistinct(asked.map((row) => row.person_key));
}

function toBounceRate(sessions: readonly EventRow[][]): number {
  const bounced = sessions.filter((session) => session.filter(isPageView).length <= 1 && toEngagedMs(session) < 10_000);
  return sessions.length === 0 ? 0 : bounced.length / sessions.length;
}

function toEngagedMs(session: readonly EventRow[]): number {
  const told = session.filter(({ event }) => event === 'scroll').map((row) => Number(row.properties['engaged_ms']));
  return told.filter((ms) => ms > 0 && ms <= 86_400_000).reduce((sum, ms) => sum + Math.trunc(ms), 0);
}

function toMeanDuration(sessions: readonly EventRow[][]): number {
  if (sessions.length === 0) return 0;
  const durations = sessions.map((session) => (session.at(-1)?.timestamp ?? 0) - (session[0]?.timestamp ?? 0));
  return durations.reduce((sum, one) => sum + one, 0) / sessions.length;
}

function isPageView(row: EventRow): boolean {
  return row.event === 'page_view';
}
