import { questionSchema } from '@px-platform/schemas';
import { expect, it } from 'vitest';
import type { Engine } from '../../engine.ts';
import { rollUp } from './roll-up.ts';

const hourMs = 3_600_000;
const range = { from: '2026-05-01T00:00:00Z', to: '2026-05-02T00:00:00Z' };
const day = Date.parse(range.from);

/** Rolls up a question where these hours of the day are stale. */
async function rollUpWith(stale: readonly number[], question: object) {
  const asked: string[] = [];
  const engine: Engine = {
    async ask({ sql }) {
      asked.push(sql);
      return { columns: ['at'], rows: stale.map((hour) => [day + hour * hourMs]), rowsRead: 0 };
    },
    run: () => expect.unreachable('asking changes nothing'),
    insert: () => expect.unreachable('asking changes nothing'),
    insertBinary: () => expect.unreachable('asking changes nothing'),
    close: async () => undefined,
  };
  const statement = await rollUp(engine, 'SETTINGS x = 1', {
    projectId: 'prj_a',
    question: questionSchema.parse({ ...range, ...question }),
  });
  return { statement, asked };
}

it('reads stale hours from the events and the rest from the rollup, by the same bounds', async () => {
  const { statement, asked } = await rollUpWith([3, 4], { question: 'breakdown', by: 'path', measures: ['events'] });
  expect(asked).toHaveLength(1);
  expect(asked[0]).toMatch(/FROM rollup_hours[\s\S]+SETTINGS x = 1$/);
  expect(statement).toMatchInlineSnapshot(`
    {
      "params": {
        "dimension": "path",
        "first": 1777593600000,
        "limit": 50,
        "project": "prj_a",
        "run0_end": 1777611600000,
        "run0_from": 1777604400000,
        "run0_hour": 1777604400000,
        "run0_to": 1777611600000,
        "to": 1777680000000,
      },
      "sql": "
    SELECT value AS by, sum(n) AS events
    FROM (
        SELECT fromUnixTimestamp64Milli(toUnixTimestamp64Second(hour) * 1000, 'UTC') AS at, counts.event AS event, counts.value AS value, counts.events AS n
        FROM (SELECT hour, counts.event, counts.value, counts.events FROM rollups FINAL
        WHERE project_id = {project:String} AND dimension = {dimension:String}
          AND hour >= fromUnixTimestamp64Second(intDiv({first:Int64}, 1000), 'UTC') AND hour < fromUnixTimestamp64Second(intDiv({to:Int64}, 1000), 'UTC')
          AND NOT (hour >= fromUnixTimestamp64Second(intDiv({run0_hour:Int64}, 1000), 'UTC') AND hour < fromUnixTimestamp64Second(intDiv({run0_end:Int64}, 1000), 'UTC')))
        ARRAY JOIN counts.event, counts.value, counts.events
        WHERE true
        UNION ALL
        SELECT fromUnixTimestamp64Milli(toUnixTimestamp64Milli(timestamp) - positiveModulo(toUnixTimestamp64Milli(timestamp), 3600000), 'UTC') AS at, toString(event) AS event, toString(path) AS value, count() AS n
        FROM events FINAL
        WHERE project_id = {project:String} AND ((timestamp >= fromUnixTimestamp64Milli({run0_from:Int64}) AND timestamp < fromUnixTimestamp64Milli({run0_to:Int64})))
        GROUP BY at, event, value
    )
    GROUP BY by
    ORDER BY events DESC, by
    LIMIT {limit:UInt32}",
    }
  `);
});

it('leaves the events alone where nothing is stale', async () => {
  const question = { question: 'timeseries', interval: 'hour', event: "it's", measures: ['events'] };
  const { statement } = await rollUpWith([], question);
  expect(statement?.sql).not.toContain('FROM events');
  expect(statement?.sql).not.toContain("it's");
  expect(statement?.params).toMatchObject({ event: "it's", dimension: 'event' });
});

it.each([
  ['all measures', { question: 'timeseries' }],
  ['measures that are no counts', { question: 'timeseries', measures: ['events', 'visitors'] }],
  ['filters', { question: 'overview', measures: ['events'], filters: [{ field: 'path', op: 'eq', value: '/' }] }],
  ['minutes', { question: 'timeseries', interval: 'minute', measures: ['events'] }],
  ['days that begin within an hour', { question: 'timeseries', timezone: 'Asia/Kolkata', measures: ['events'] }],
  ['another field', { question: 'breakdown', by: 'browser', measures: ['events'] }],
  ['a property', { question: 'timeseries', by: 'properties.plan', measures: ['events'] }],
  [
    'a time before there were whole hours',
    { question: 'overview', from: '1979-12-31T23:00:00Z', measures: ['events'] },
  ],
  ['another question', { question: 'funnel', steps: [{ event: 'a' }, { event: 'b' }] }],
])('leaves a question of %s to the events, and asks nothing', async (_name, question) => {
  expect(await rollUpWith([], question)).toEqual({ statement: null, asked: [] });
});

it('leaves a question to the events where its stale hours lie in more than 50 places', async () => {
  const stale = Array.from({ length: 51 }, (_, at) => 2 * at);
  const question = { question: 'overview', to: '2026-05-09T00:00:00Z', measures: ['page_views'] };
  expect((await rollUpWith(stale, question)).statement).toBeNull();
  expect((await rollUpWith(stale.slice(1), question)).statement).not.toBeNull();
});
