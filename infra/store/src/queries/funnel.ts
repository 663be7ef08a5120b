import type { QuestionOf } from '@px-platform/schemas';
import type { Statement } from '../statement.ts';
import { toFieldSql } from './field.ts';
import { eventOrder, eventRows, person } from './measures.ts';
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
 * Not windowFunnel: it tells no times, and by default lets one event be two steps.
 */
export function toFunnel(projectId: string, question: Funnel): Statement {
  const where = toWhere(projectId, question);
  const steps = question.steps.map((step, at) => toStep(step, at));
  const by = question.by === undefined ? null : toFieldSql(question.by, 'by_path');
  const group = by === null ? '' : `argMinIf(${by.sql}, ${eventOrder}, bitTest(steps, 0)) AS by,\n        `;
  const numbers = question.steps.map((_, at) => at).join(', ');
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
        WITH arrayFold(
            (so_far, found) -> (
                arrayMap((start, before, step) -> if(bitTest(found.3, step) AND before != {none:Int64} AND found.1 - before <= {window_ms:Int64}, before, start),
                    so_far.1, arrayPushFront(arrayPopBack(so_far.1), found.1), [${numbers}]),
                arrayMap((ms, before, step) -> if(ms < 0 AND bitTest(found.3, step) AND before != {none:Int64} AND found.1 - before <= {window_ms:Int64}, found.1 - before, ms),
                    so_far.2, arrayPushFront(arrayPopBack(so_far.1), found.1), [${numbers}])),
            if(second = 0, arraySlice(arrayFilter(one -> bitTest(one.3, 0), ordered), 1, 1), ordered),
            (arrayWithConstant(${steps.length}, {none:Int64}), arrayWithConstant(${steps.length}, toInt64(-1)))) AS chain
        SELECT ${group}countIf(bitTest(steps, 1)) AS second,
            arraySort(groupArray((toUnixTimestamp64Milli(timestamp), bitPositionsToArray(steps)[1], steps))) AS ordered,
            chain.2 AS times
        FROM (
            SELECT *, toUInt16(${steps.map(({ sql }, at) => `${2 ** at} * (${sql})`).join('\n                + ')}) AS steps
            FROM ${eventRows}
            ${where.sql}
        )
        WHERE steps > 0
        GROUP BY ${person}
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
      none,
      ...(by === null ? {} : { limit: question.limit }),
    },
  };
}

/** Stands for no instant: none that is stored is so early. */
const none = -(2 ** 52);

function toStep({ event, filters }: Funnel['steps'][number], at: number): Statement {
  const conditions = toFilters(filters, `step${at}_filter`);
  return {
    sql: [`event = {step${at}:String}`, ...conditions.map(({ sql }) => sql)].join(' AND '),
    params: Object.assign({ [`step${at}`]: event }, ...conditions.map(({ params }) => params)),
  };
}
