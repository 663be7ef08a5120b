import { isPerson } from '../../queries/measures.ts';
import { type OwnColumn, type ReadSessions, toNear } from '../../queries/sessions.ts';
import { toFilters } from '../../queries/where.ts';
import type { Run } from '../ask/stale-runs.ts';
import { hourMs } from '../hour.ts';
import { toStays } from './read-stays.ts';
import type { StayDimension, StayMeasure } from './stay-columns.ts';

/** What comes first in a session: of two hours the earlier one, of two stays of one hour that of the lower rank. */
const hourOrder = `bitShiftLeft(toUInt64(intDiv(at, ${hourMs})), 32) AS hour_order`;

/** Which stays sessions are put together from: with these dimensions, the runs (epoch ms) from `events`. */
export interface StaysOfSessions {
  readonly dimensions: readonly StayDimension[];
  readonly namesPersons: boolean;
  readonly runs: readonly Run[];
}

/** Gives what tells of sessions as `readSessionsOfEvents` does, by their stays. */
export function toReadSessions({ dimensions, namesPersons, runs }: StaysOfSessions): ReadSessions {
  return (projectId, asked, own) => {
    const ofOwn = own === undefined ? null : toOwn(own);
    const filters = toFilters(asked.filters, 'filter');
    const stays = toStays(
      {
        ...toNear(asked),
        projectId,
        columns: [...dimensions, 'events', 'views', 'engaged_ms', 'first_ms', 'last_ms', ...(ofOwn?.columns ?? [])],
        ofHour: ofOwn === null ? [] : [hourOrder],
        namesPersons,
        isApart: true,
      },
      runs,
    );
    const columns = [
      `max(${isPerson}) AS is_session`,
      // Not each once: nearly all sessions have one stay, and a set of one takes the longer.
      `groupArrayIf(person, matches AND ${isPerson}) AS persons`,
      'sumIf(stay_events, matches) AS matched',
      'sumIf(stay_views, matches) AS matched_views',
      'sum(stay_views) AS views',
      'sum(stay_engaged_ms) AS engaged_ms',
      'max(at + stay_last_ms) - min(at + stay_first_ms) AS duration_ms',
      ...(ofOwn === null ? [] : [ofOwn.sql]),
    ];
    return {
      sql: `(
    WITH (${['is_asked', ...filters.map((filter) => filter.sql)].join(' AND ')}) AS matches
    SELECT ${columns.join(',\n        ')}
    FROM ${stays.sql}
    GROUP BY session
    HAVING matched > 0
)`,
      params: Object.assign(
        { ...stays.params, from: Date.parse(asked.from), to: Date.parse(asked.to) },
        ...filters.map((filter) => filter.params),
      ),
    };
  };
}

function toOwn(own: OwnColumn): { columns: StayMeasure[]; sql: string } {
  switch (own) {
    case 'entry_path':
      return {
        columns: ['entry_path', 'entry_rank'],
        sql: 'argMinIf(stay_entry_path, hour_order + stay_entry_rank, stay_views > 0) AS entry_path',
      };
    case 'exit_path':
      return {
        columns: ['exit_path', 'exit_rank'],
        sql: 'argMaxIf(stay_exit_path, hour_order + stay_exit_rank, stay_views > 0) AS exit_path',
      };
    default:
      return {
        columns: [own, 'first_rank'],
        sql: `argMin(stay_${own}, hour_order + stay_first_rank) AS source`,
      };
  }
}
