import type { QuestionOf } from '@px-platform/schemas';
import type { Statement } from '../statement.ts';
import { toFieldSql } from './field.ts';
import { eventOrder, eventRows, isPerson, person } from './measures.ts';
import { toFilters, toWhere } from './where.ts';

type Funnel = QuestionOf<'funnel'>;

/**
 * Gives how many persons reach each step in order: columns `by` where asked, `step` (1..), `event`, `visitors`, `rate01` (of the first
 * step), `step_rate01` (of the step before), `median_ms` (from the first step to this, null at the first or where nobody came).
 *
 * A person reaches a step by one event for each step up to it, none of them earlier than the one before, all of them within
 * the window of the first. Events of one millisecond are taken in the order of the steps; one event is one step. The time to a
 * step is that at which it was first reached, from the latest first step that leads there. `by` is said by a person's first
 * event of the first step; the largest groups are given.
 *
 * Not windowFunnel, which is no faster: it tells no times, and by default lets one event be two steps.
 */
export function toFunnel(projectId: string, question: Funnel): Statement {
  const where = toWhere(projectId, question);
  const steps = question.steps.map((step, at) => toStep(step, at));
  const by = question.by === undefined ? null : toFieldSql(question.by, 'by_path');
  const group = by === null ? '' : `argMinIf(told, ${eventOrder}, bitTest(steps, 0)) AS by,\n        `;
  return {
    sql: `
SELECT ${by === null ? '' : 'by, '}step, {events:Array(String)}[step] AS event, reached[step] AS visitors,
    ifNotFinite(reached[step] / reached[1], 0) AS rate01,
    ifNotFinite(reached[step] / reached[greatest(step - 1, 1)], 0) AS step_rate01,
    if(step = 1 OR reached[step] = 0, NULL, medians[step]) AS median_ms
FROM (
    SELECT ${by === null ? '' : 'by, '}arrayResize(sumForEach(arrayMap(ms -> toUInt64(ms >= 0), times)), ${steps.length}) AS reached,
        [${question.steps.map((_, at) => `quantileExactIf(0.5)(times[${at + 1}], times[${at + 1}] >= 0)`).join(', ')}] AS medians
    FROM (
        WITH if(second = 0, [], arraySort(codes)) AS walked,
            arrayMap(code -> toInt64(bitShiftRight(code, 20)), walked) AS at,
            arrayMap(code -> toUInt16(bitAnd(code, 65535)), walked) AS own,
            ${toStarts(steps.length)}
        SELECT ${group}countIf(bitTest(steps, 1)) AS second,
            groupArray(${code}) AS codes,
            [toInt64(0), ${toTimes(steps.length)}] AS times
        FROM (
            SELECT timestamp, ${by === null ? '' : `event_id, ${by.sql} AS told, `}${person} AS visitor, toUInt16(${steps.map(({ sql }, at) => `${2 ** at} * (${sql})`).join('\n                + ')}) AS steps
            FROM ${eventRows}
            ${where.sql}
              AND event IN {events:Array(String)}
              AND ${isPerson}
        )
        WHERE steps > 0
        GROUP BY visitor
        HAVING countIf(bitTest(steps, 0)) > 0
    )${by === null ? '' : '\n    GROUP BY by\n    ORDER BY reached[1] DESC, by\n    LIMIT {limit:UInt32}'}
)
ARRAY JOIN arrayEnumerate(reached) AS step
ORDER BY ${by === null ? '' : 'reached[1] DESC, by, '}step`,
    params: {
      ...where.params,
      ...Object.assign({}, ...steps.map(({ params }) => params)),
      ...by?.params,
      events: question.steps.map(({ event }) => event),
      window_ms: question.window_s * 1_000,
      ...(by === null ? {} : { limit: question.limit }),
    },
  };
}

/**
 * An event as one number, by which they are sorted: its time (ms since 1900, which 44 bits hold as far as the column does), the first
 * step that it is, and all steps that it is as bits.
 */
const code =
  'bitOr(bitOr(bitShiftLeft(toUInt64(toUnixTimestamp64Milli(timestamp) + 2208988800001), 20), bitShiftLeft(toUInt64(bitPositionsToArray(steps)[1]), 16)), toUInt64(steps))';

/**
 * For each step and each event of a person, in order: `lead` is the latest first step that leads to the step by this event, 0 where none
 * does, and `start` the latest that led to it up to this event. A step is led to by the `start` of the step before at the event before.
 */
function toStarts(steps: number): string {
  const isThere = (starts: string): string => `arrayFill(start -> start != 0, ${starts})`;
  const parts = [`${isThere('arrayMap((one, bits) -> if(bitTest(bits, 0), one, 0), at, own)')} AS start0`];
  for (let step = 1; step < steps; step++) {
    const before = `arrayShiftRight(start${step - 1}, 1, toInt64(0))`;
    const leads = `bitTest(bits, ${step}) AND start != 0 AND one - start <= {window_ms:Int64}`;
    parts.push(`arrayMap((one, bits, start) -> if(${leads}, start, 0), at, own, ${before}) AS lead${step}`);
    if (step < steps - 1) parts.push(`${isThere(`lead${step}`)} AS start${step}`);
  }
  return parts.join(',\n            ');
}

/** The time to each step but the first, ms: to the first event that it is reached by; -1 where none does. */
function toTimes(steps: number): string {
  const times = Array.from({ length: steps - 1 }, (_, at) => `if(start = 0, -1, one - start), at, lead${at + 1}`);
  return times
    .map((time) => `ifNull(arrayFirstOrNull(time -> time >= 0, arrayMap((one, start) -> ${time})), -1)`)
    .join(',\n                ');
}

function toStep({ event, filters }: Funnel['steps'][number], at: number): Statement {
  const conditions = toFilters(filters, `step${at}_filter`);
  return {
    sql: [`event = {step${at}:String}`, ...conditions.map(({ sql }) => sql)].join(' AND '),
    params: Object.assign({ [`step${at}`]: event }, ...conditions.map(({ params }) => params)),
  };
}
