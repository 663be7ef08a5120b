import type { CountedRows } from '../../queries/counted-rows.ts';
import { isPerson } from '../../queries/measures.ts';
import { type Asked, toFilters } from '../../queries/where.ts';
import type { Run } from '../ask/stale-runs.ts';
import { toStays } from './read-stays.ts';
import type { StayDimension } from './stay-columns.ts';

/** What of stays is counted: those of the time asked for, by these dimensions and by what follows of the hour (`ofHour`). */
export interface StaysCounted {
  readonly asked: Asked;
  readonly dimensions: readonly StayDimension[];
  readonly ofHour: readonly string[];
  readonly namesPersons: boolean;
}

/** Gives stays as rows to be counted: the runs (epoch ms) from `events`. */
export function countStays(projectId: string, counted: StaysCounted, runs: readonly Run[]): CountedRows {
  const { asked, dimensions, ofHour, namesPersons } = counted;
  const time = { from: Date.parse(asked.from), to: Date.parse(asked.to) };
  const stays = toStays({ ...time, projectId, columns: [...dimensions, 'events'], ofHour, namesPersons }, runs);
  const filters = toFilters(asked.filters, 'filter');
  return {
    sql: `FROM ${stays.sql}\nWHERE ${['true', ...filters.map((filter) => filter.sql)].join(' AND ')}`,
    params: Object.assign({ ...stays.params, ...time }, ...filters.map((filter) => filter.params)),
    events: 'sum(stay_events)',
    visitors: `uniqIf(person, ${isPerson})`,
    sessions: `uniqIf(session, ${isPerson})`,
  };
}
