import { eventRows } from '../../queries/measures.ts';
import { rollupDimensions } from '../dimensions.ts';
import { eventHourMs } from '../hour.ts';
import { eventsOfHours } from './hours-params.ts';

const columns = rollupDimensions.filter((dimension) => dimension !== 'event').join(', ');
const pairs = rollupDimensions
  .map((one) => (one === 'event' ? "('event', '')" : `('${one}', toString(${one}))`))
  .join(', ');

/**
 * The counts of a project's events by `dimension`, `at` (the hour, epoch ms), `event` and `value`, as a sub-query: the one
 * place that says what a rollup holds. Copies of one event that are not merged yet count once. Asks for the parameter
 * `project` and those of `toHours`.
 */
export const countsOfEvents = `(
    SELECT arrayJoin([${pairs}]) AS pair, pair.1 AS dimension, at, toString(event) AS event, pair.2 AS value, sum(n) AS events
    FROM
    (
        SELECT ${eventHourMs} AS at, event, ${columns}, count() AS n
        FROM ${eventRows}
        WHERE project_id = {project:String} AND ${eventsOfHours}
        GROUP BY at, event, ${columns}
    )
    GROUP BY pair, at, event
)`;
