import type { Question, QuestionOf } from '@px-platform/schemas';
import { toBreakdown } from '../../queries/breakdown.ts';
import { toEntryExitPages } from '../../queries/entry-exit-pages.ts';
import { toOverview } from '../../queries/overview.ts';
import { pickMeasures } from '../../queries/pick-measures.ts';
import { toNear } from '../../queries/sessions.ts';
import { toSources } from '../../queries/sources.ts';
import { toStart, toTimeseries } from '../../queries/timeseries.ts';
import type { Statement } from '../../statement.ts';
import { countStays } from '../stays/count-stays.ts';
import { type StaysOfSessions, toReadSessions } from '../stays/sessions-of-stays.ts';
import { type StayDimension, stayDimensions } from '../stays/stay-columns.ts';
import { isRollableTime, type Rollable } from './rollable.ts';
import type { Run } from './stale-runs.ts';
import { isWholeHourZone } from './whole-hour-zone.ts';

type OfStays = QuestionOf<'overview' | 'entry_pages' | 'exit_pages' | 'sources' | 'timeseries' | 'breakdown'>;

/**
 * Tells whether sessions by the hour can answer a question: one of visitors and sessions, of all events, filtered and broken down by
 * nothing but dimensions of stays, in intervals of whole hours of UTC.
 */
export function toStayed(question: Question): Rollable | null {
  if (!isOfStays(question) || question.event !== undefined) return null;
  const asked = { from: Date.parse(question.from), to: Date.parse(question.to) };
  if (!isRollableTime(asked) || !isWhole(question, asked)) return null;
  const dimensions = toDimensions(question);
  if (dimensions === null) return null;
  const cuts = [asked.from, asked.to];
  const near = toNear(question);
  const namesPersons = !('measures' in question) || (question.measures ?? ['visitors']).includes('visitors');
  const isCounted = question.question === 'timeseries' || question.question === 'breakdown';
  return {
    // Sessions are told whole: of what lies around the time too.
    ...(isCounted ? asked : near),
    cuts: isCounted ? cuts : [near.from, ...cuts, near.to],
    made: 'session_hours',
    namesPersons,
    toStatement: (projectId, runs, only) =>
      pickMeasures(question, toStatement(projectId, question, { dimensions, namesPersons, runs, only })),
  };
}

interface How extends StaysOfSessions {
  readonly only?: readonly string[] | undefined;
}

function toStatement(projectId: string, question: OfStays, { only, ...how }: How): Statement {
  const { dimensions, namesPersons, runs } = how;
  const readSessions = toReadSessions(how);
  switch (question.question) {
    case 'overview':
      return toOverview(projectId, question, readSessions);
    case 'entry_pages':
    case 'exit_pages':
      return toEntryExitPages(projectId, question, only, readSessions);
    case 'sources':
      return toSources(projectId, question, only, readSessions);
    case 'breakdown':
      return toBreakdown(
        projectId,
        question,
        only,
        countStays(projectId, { asked: question, dimensions, namesPersons, ofHour: [] }, runs),
      );
    case 'timeseries': {
      const time = `${toStart(question.interval, "fromUnixTimestamp64Milli(at, 'UTC')")} AS time`;
      const rows = countStays(projectId, { asked: question, dimensions, namesPersons, ofHour: [time] }, runs);
      return toTimeseries(projectId, question, { ...rows, time: 'time' });
    }
  }
}

function isOfStays(question: Question): question is OfStays {
  return ['overview', 'entry_pages', 'exit_pages', 'sources', 'timeseries', 'breakdown'].includes(question.question);
}

/** Whether an hour of UTC lies in one interval. */
function isWhole(question: OfStays, { from, to }: Run): boolean {
  if (question.question !== 'timeseries') return true;
  return question.interval !== 'minute' && isWholeHourZone(question.timezone, from, to);
}

/** Gives the dimensions that a question names, or null where it names another field. */
function toDimensions(question: OfStays): StayDimension[] | null {
  const by = question.question === 'breakdown' || question.question === 'timeseries' ? (question.by ?? []) : [];
  const fields = new Set([
    ...[by].flat(),
    ...question.filters.flatMap((filter) =>
      filter.op === 'any' ? filter.filters.map(({ field }) => field) : [filter.field],
    ),
  ]);
  const dimensions = stayDimensions.filter((dimension) => fields.has(dimension));
  return dimensions.length === fields.size ? dimensions : null;
}
