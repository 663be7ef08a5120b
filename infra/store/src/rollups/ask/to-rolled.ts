import type { Question, QuestionOf } from '@px-platform/schemas';
import { isPageView } from '../../queries/measures.ts';
import { toEveryInterval, toStart } from '../../queries/timeseries.ts';
import { toTop } from '../../queries/top.ts';
import { type RollupDimension, rollupDimensions } from '../dimensions.ts';
import { isRollableTime, type Rollable } from './rollable.ts';
import { type Counted, toRolledCounts } from './rolled-counts.ts';
import { isWholeHourZone } from './whole-hour-zone.ts';

const sums = { events: 'sum(n)', page_views: `sumIf(n, ${isPageView})` } as const;

function isCounted(measure: string): measure is keyof typeof sums {
  return measure in sums;
}

/**
 * Tells whether the rollup can answer a question: one of counts of events alone, of all events or of those of one name, by
 * a dimension of the rollup, in intervals of whole hours of UTC.
 */
export function toRollable(question: Question): Rollable | null {
  if (!('measures' in question) || question.measures === undefined || question.filters.length > 0) return null;
  const range = { from: Date.parse(question.from), to: Date.parse(question.to) };
  if (!isRollableTime(range)) return null;
  const measures: readonly string[] = question.measures;
  if (!measures.every(isCounted)) return null;
  const counted = { ...range, event: question.event };
  const rollable = { ...range, made: 'rollups', cuts: [range.from, range.to], namesPersons: false } as const;
  const columns = measures.map((measure) => `${sums[measure]} AS ${measure}`).join(', ');

  switch (question.question) {
    case 'overview':
      return {
        ...rollable,
        toStatement(projectId, runs) {
          const counts = toRolledCounts({ ...counted, projectId, dimension: 'event' }, runs);
          return { sql: `\nSELECT ${columns}\nFROM ${counts.sql}`, params: counts.params };
        },
      };
    case 'timeseries':
      return toRolledSeries(question, counted, columns, rollable);
    case 'breakdown': {
      const { by, limit } = question;
      if (!isDimension(by)) return null;
      return {
        ...rollable,
        toStatement(projectId, runs, only) {
          const counts = toRolledCounts({ ...counted, projectId, dimension: by }, runs);
          const top = toTop('by', 'events', { limit, only });
          return {
            sql: `\nSELECT ${toGroup(by)} AS by, ${columns}\nFROM ${counts.sql}\n${top.sql}`,
            params: { ...counts.params, ...top.params },
          };
        },
      };
    }
    case 'pages':
      return {
        ...rollable,
        toStatement(projectId, runs, only) {
          const counts = toRolledCounts({ ...counted, projectId, dimension: 'path' }, runs);
          const top = toTop('path', 'page_views', { limit: question.limit, only });
          return {
            sql: `\nSELECT value AS path, ${columns}\nFROM ${counts.sql}\nWHERE ${isPageView}\n${top.sql}`,
            params: { ...counts.params, ...top.params },
          };
        },
      };
  }
}

function toRolledSeries(
  question: QuestionOf<'timeseries'>,
  counted: Omit<Counted, 'projectId' | 'dimension'>,
  columns: string,
  rollable: Omit<Rollable, 'toStatement'>,
): Rollable | null {
  const { by, interval, timezone, limit } = question;
  if (by !== undefined && !isDimension(by)) return null;
  if (interval === 'minute' || !isWholeHourZone(timezone, counted.from, counted.to)) return null;
  return {
    ...rollable,
    toStatement(projectId, runs) {
      const counts = toRolledCounts({ ...counted, projectId, dimension: by ?? 'event' }, runs);
      const params = { ...counts.params, from: counted.from, to: counted.to, timezone, limit };
      const time = `${toStart(interval, 'at')} AS time`;
      if (by === undefined) {
        const every = toEveryInterval(
          interval,
          'events',
          `\n    SELECT ${time}, ${columns}\n    FROM ${counts.sql}\n    GROUP BY time`,
        );
        return { sql: every.sql, params: { ...params, ...every.params } };
      }
      return {
        sql: `\nSELECT ${time}, ${toGroup(by)} AS by, ${columns}\nFROM ${counts.sql}\nGROUP BY time, by\nORDER BY time, events DESC, by\nLIMIT {limit:UInt32}`,
        params,
      };
    },
  };
}

function isDimension(field: string): field is RollupDimension {
  return rollupDimensions.some((dimension) => dimension === field);
}

function toGroup(by: RollupDimension): string {
  return by === 'event' ? 'event' : 'value';
}
