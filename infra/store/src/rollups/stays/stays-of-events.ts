import { eventOrder, eventRows, sessionHash } from '../../queries/measures.ts';
import { eventHourMs } from '../hour.ts';
import { type StayMeasure, stayDimensions, stayKeys, toStayColumn, toStayValue } from './stay-columns.ts';

/** Which stays are worked out: of events under a condition, with which measures, and kept apart by what else. */
export interface StaysOfEvents {
  readonly where: string;
  readonly measures: readonly StayMeasure[];
  /** A condition on an event, as the column `is_asked`: a stay is of events that all keep it, or none. */
  readonly isAsked?: string | undefined;
}

/**
 * The stays of a project's events as a sub-query, columns `at` (the hour, epoch ms), `stayKeys` and `stay_x` of each measure x: the one
 * place that says what a stay is. Copies of one event that are not merged yet count once. Asks for the parameter `project`.
 */
export function toStaysOfEvents({ where, measures, isAsked }: StaysOfEvents): string {
  const keys = ['at', ...stayKeys, ...(isAsked === undefined ? [] : ['is_asked'])];
  return `(
    SELECT ${[...keys, ...measures.map(toStayValue)].join(', ')}
    FROM
    (
        WITH ${eventOrder} AS event_order
        SELECT ${eventHourMs} AS at, ${sessionHash} AS session, person_key_hash, user_hash, ${stayDimensions.join(', ')}${isAsked === undefined ? '' : `, ${isAsked} AS is_asked`},
            ${measures.map(toStayColumn).join(',\n            ')}
        FROM ${eventRows}
        WHERE project_id = {project:String} AND ${where}
        GROUP BY ${keys.join(', ')}
    )
)`;
}
