import { questionSchema } from '@px-platform/schemas';
import { expect, it } from 'vitest';
import type { Engine } from '../../engine.ts';
import { rollUp } from './roll-up.ts';

const hourMs = 3_600_000;
const range = { from: '2026-05-01T00:00:00Z', to: '2026-05-02T00:00:00Z' };
const day = Date.parse(range.from);

const isGerman = { field: 'country', op: 'eq', value: "D'E" };

/** Rolls up a question where these hours of the day are stale. */
async function rollUpWith(stale: readonly number[], question: object) {
  const asked: string[] = [];
  const engine: Engine = {
    async ask({ sql }) {
      asked.push(sql);
      return { columns: ['at'], rows: stale.map((hour) => [day + hour * hourMs]), rowsRead: 0 };
    },
    askEach: () => expect.unreachable('answers of questions are short'),
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
      "namesPersons": false,
      "params": {
        "dimension": "path",
        "end": 1777680000000,
        "first": 1777593600000,
        "limit": 50,
        "project": "prj_a",
        "run0_end": 1777611600000,
        "run0_from": 1777604400000,
        "run0_hour": 1777604400000,
        "run0_to": 1777611600000,
      },
      "sql": "
    SELECT value AS by, sum(n) AS events
    FROM (
        SELECT fromUnixTimestamp64Milli(toUnixTimestamp64Second(hour) * 1000, 'UTC') AS at, counts.event AS event, counts.value AS value, counts.events AS n
        FROM (SELECT hour, counts.event, counts.value, counts.events FROM rollups FINAL
        WHERE project_id = {project:String} AND dimension = {dimension:String}
          AND hour >= fromUnixTimestamp64Second(intDiv({first:Int64}, 1000), 'UTC') AND hour < fromUnixTimestamp64Second(intDiv({end:Int64}, 1000), 'UTC')
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
  ['filters', { question: 'overview', measures: ['events'], filters: [{ field: 'path', op: 'eq', value: '/' }] }],
  [
    'one filter of several',
    {
      question: 'sources',
      filters: [isGerman, { op: 'any', filters: [isGerman, { field: 'channel', op: 'is_set' }] }],
    },
  ],
  ['one event and its visitors', { question: 'overview', event: 'signup' }],
  ['pages', { question: 'pages' }],
  ['minutes', { question: 'timeseries', interval: 'minute', measures: ['events'] }],
  ['days that begin within an hour', { question: 'timeseries', timezone: 'Asia/Kolkata', measures: ['events'] }],
  ['another field', { question: 'breakdown', by: 'city', measures: ['events'] }],
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

it('puts sessions together from their stays, of the day before and after too, and reads stale and cut hours from the events', async () => {
  const question = { question: 'entry_pages', to: '2026-05-01T20:30:00Z', filters: [isGerman], limit: 5 };
  const { statement, asked } = await rollUpWith([3], question);
  expect(asked[0]).toContain('max(marked) > max(sessions_built) OR max(crowded) = max(sessions_built)');
  expect(statement).toMatchInlineSnapshot(`
    {
      "namesPersons": true,
      "params": {
        "end": 1777753800000,
        "filter0": "D'E",
        "first": 1777507200000,
        "from": 1777593600000,
        "limit": 5,
        "project": "prj_a",
        "run0_end": 1777608000000,
        "run0_from": 1777604400000,
        "run0_hour": 1777604400000,
        "run0_to": 1777608000000,
        "run1_end": 1777669200000,
        "run1_from": 1777665600000,
        "run1_hour": 1777665600000,
        "run1_to": 1777669200000,
        "run2_end": 1777755600000,
        "run2_from": 1777752000000,
        "run2_hour": 1777752000000,
        "run2_to": 1777753800000,
        "to": 1777667400000,
      },
      "sql": "
    SELECT entry_path AS path, uniqArray(persons) AS visitors, countIf(is_session) AS sessions, ifNotFinite(avgIf(views <= 1 AND engaged_ms < 10000, is_session), 0) AS bounce_rate01, ifNotFinite(avgIf(duration_ms, is_session), 0) AS mean_duration_ms
    FROM (
        WITH (is_asked AND toString(country) = {filter0:String}) AS matches
        SELECT max(person_key_hash != cityHash64('')) AS is_session,
            groupArrayIf(person, matches AND person_key_hash != cityHash64('')) AS persons,
            sumIf(stay_events, matches) AS matched,
            sumIf(stay_views, matches) AS matched_views,
            sum(stay_views) AS views,
            sum(stay_engaged_ms) AS engaged_ms,
            max(at + stay_last_ms) - min(at + stay_first_ms) AS duration_ms,
            argMinIf(stay_entry_path, hour_order + stay_entry_rank, stay_views > 0) AS entry_path
        FROM (SELECT stays.*, multiIf(joined.id_hash = 0, if(user_hash = 0, person_key_hash, user_hash), joined.person_hash = 0, person_key_hash, joined.person_hash) AS person FROM (
        SELECT at, bitShiftLeft(toUInt64(intDiv(at, 3600000)), 32) AS hour_order, is_asked, stays.session AS session, stays.person_key_hash AS person_key_hash, stays.user_hash AS user_hash, stays.country AS country, stays.events AS stay_events, stays.views AS stay_views, stays.engaged_ms AS stay_engaged_ms, stays.first_ms AS stay_first_ms, stays.last_ms AS stay_last_ms, stays.entry_path AS stay_entry_path, stays.entry_rank AS stay_entry_rank
        FROM (SELECT toUnixTimestamp64Second(hour) * 1000 AS at, at >= {from:Int64} AND at < {to:Int64} AS is_asked, stays.session, stays.person_key_hash, stays.user_hash, stays.country, stays.events, stays.views, stays.engaged_ms, stays.first_ms, stays.last_ms, stays.entry_path, stays.entry_rank
        FROM session_hours FINAL
        WHERE project_id = {project:String}
          AND hour >= fromUnixTimestamp64Second(intDiv({first:Int64}, 1000), 'UTC') AND hour < fromUnixTimestamp64Second(intDiv({end:Int64}, 1000), 'UTC')
          AND NOT (hour >= fromUnixTimestamp64Second(intDiv({run0_hour:Int64}, 1000), 'UTC') AND hour < fromUnixTimestamp64Second(intDiv({run0_end:Int64}, 1000), 'UTC'))
          AND NOT (hour >= fromUnixTimestamp64Second(intDiv({run1_hour:Int64}, 1000), 'UTC') AND hour < fromUnixTimestamp64Second(intDiv({run1_end:Int64}, 1000), 'UTC'))
          AND NOT (hour >= fromUnixTimestamp64Second(intDiv({run2_hour:Int64}, 1000), 'UTC') AND hour < fromUnixTimestamp64Second(intDiv({run2_end:Int64}, 1000), 'UTC'))
        SETTINGS merge_tree_min_rows_for_concurrent_read = 1, merge_tree_min_bytes_for_concurrent_read = 1)
        ARRAY JOIN stays.session, stays.person_key_hash, stays.user_hash, stays.country, stays.events, stays.views, stays.engaged_ms, stays.first_ms, stays.last_ms, stays.entry_path, stays.entry_rank
        UNION ALL
        SELECT at, bitShiftLeft(toUInt64(intDiv(at, 3600000)), 32) AS hour_order, is_asked, session, person_key_hash, user_hash, country, stay_events, stay_views, stay_engaged_ms, stay_first_ms, stay_last_ms, stay_entry_path, stay_entry_rank
        FROM (
        SELECT at, session, person_key_hash, user_hash, country, device, browser, os, is_bot, is_asked, stay_events, stay_views, stay_engaged_ms, stay_first_ms, stay_last_ms, stay_entry_path, toUInt32(rank() OVER (PARTITION BY at, session ORDER BY entry_rank_order) - 1) AS stay_entry_rank
        FROM
        (
            WITH bitOr(bitShiftLeft(toUInt256(toUnixTimestamp64Milli(timestamp) + 9007199254740992), 128), toUInt256(toUInt128(event_id))) AS event_order
            SELECT toUnixTimestamp64Milli(timestamp) - positiveModulo(toUnixTimestamp64Milli(timestamp), 3600000) AS at, cityHash64(person_key_hash, session_id) AS session, person_key_hash, user_hash, country, device, browser, os, is_bot, timestamp >= fromUnixTimestamp64Milli({from:Int64}) AND timestamp < fromUnixTimestamp64Milli({to:Int64}) AS is_asked,
                toUInt32(count()) AS stay_events,
                toUInt32(countIf(event = 'page_view')) AS stay_views,
                sum(toUInt64(if(if(event = 'scroll', toFloat64OrZero(toString(properties.engaged_ms)), 0) > 0 AND if(event = 'scroll', toFloat64OrZero(toString(properties.engaged_ms)), 0) <= 86400000, if(event = 'scroll', toFloat64OrZero(toString(properties.engaged_ms)), 0), 0))) AS stay_engaged_ms,
                toUInt32(min(positiveModulo(toUnixTimestamp64Milli(timestamp), 3600000))) AS stay_first_ms,
                toUInt32(max(positiveModulo(toUnixTimestamp64Milli(timestamp), 3600000))) AS stay_last_ms,
                argMinIf(path, event_order, event = 'page_view') AS stay_entry_path,
                minIf(event_order, event = 'page_view') AS entry_rank_order
            FROM events FINAL
            WHERE project_id = {project:String} AND ((timestamp >= fromUnixTimestamp64Milli({run0_from:Int64}) AND timestamp < fromUnixTimestamp64Milli({run0_to:Int64})) OR (timestamp >= fromUnixTimestamp64Milli({run1_from:Int64}) AND timestamp < fromUnixTimestamp64Milli({run1_to:Int64})) OR (timestamp >= fromUnixTimestamp64Milli({run2_from:Int64}) AND timestamp < fromUnixTimestamp64Milli({run2_to:Int64})))
            GROUP BY at, session, person_key_hash, user_hash, country, device, browser, os, is_bot, is_asked
        )
    )
    ) AS stays
    LEFT ANY JOIN joined ON joined.id_hash = if(user_hash = 0, person_key_hash, user_hash))
        GROUP BY session
        HAVING matched > 0
    )
    WHERE views > 0 AND is_session
    GROUP BY path
    ORDER BY sessions DESC, path
    LIMIT {limit:UInt32}",
    }
  `);
});

it('counts stays of the time alone, whole hours at once', async () => {
  const question = { question: 'timeseries', interval: 'day', timezone: 'Europe/Berlin', measures: ['sessions'] };
  const { statement } = await rollUpWith([], question);
  expect(statement).toMatchInlineSnapshot(`
    {
      "namesPersons": false,
      "params": {
        "end": 1777680000000,
        "first": 1777593600000,
        "from": 1777593600000,
        "limit": 10000,
        "project": "prj_a",
        "step": 43200000,
        "timezone": "Europe/Berlin",
        "to": 1777680000000,
      },
      "sql": "
    SELECT time, sessions
    FROM (
    SELECT time, events, visitors, sessions
    FROM (
        SELECT arrayJoin(arrayDistinct(arrayMap(
            step -> toDateTime64(toStartOfDay(fromUnixTimestamp64Milli(least({from:Int64} + step * {step:Int64}, {to:Int64} - 1)), {timezone:String}), 0, {timezone:String}),
            range(toUInt64(ceil(({to:Int64} - {from:Int64}) / {step:Int64})) + 1)))) AS time
    ) AS intervals
    LEFT JOIN (
        SELECT time AS time, sum(stay_events) AS events, uniqIf(person, person_key_hash != cityHash64('')) AS visitors, uniqIf(session, person_key_hash != cityHash64('')) AS sessions
        FROM (SELECT *, toUInt64(0) AS person FROM (
        SELECT at, toDateTime64(toStartOfDay(fromUnixTimestamp64Milli(at, 'UTC'), {timezone:String}), 0, {timezone:String}) AS time, stays.session AS session, stays.person_key_hash AS person_key_hash, stays.user_hash AS user_hash, stays.events AS stay_events
        FROM (SELECT toUnixTimestamp64Second(hour) * 1000 AS at, stays.session, stays.person_key_hash, stays.user_hash, stays.events
        FROM session_hours FINAL
        WHERE project_id = {project:String}
          AND hour >= fromUnixTimestamp64Second(intDiv({first:Int64}, 1000), 'UTC') AND hour < fromUnixTimestamp64Second(intDiv({end:Int64}, 1000), 'UTC')
        SETTINGS merge_tree_min_rows_for_concurrent_read = 1, merge_tree_min_bytes_for_concurrent_read = 1)
        ARRAY JOIN stays.session, stays.person_key_hash, stays.user_hash, stays.events
    ))
    WHERE true
        GROUP BY time
    ) AS counted USING (time)
    ORDER BY time
    LIMIT {limit:UInt32}
    )",
    }
  `);
});

it('says whether persons are named, who would have to be looked up', async () => {
  const isNamed = async (question: object) => (await rollUpWith([], question)).statement?.namesPersons;
  expect(await isNamed({ question: 'overview', measures: ['events'] })).toBe(false);
  expect(await isNamed({ question: 'overview', measures: ['events', 'sessions'] })).toBe(false);
  expect(await isNamed({ question: 'overview', measures: ['visitors'] })).toBe(true);
  expect(await isNamed({ question: 'sources' })).toBe(true);
});

it('leaves a question about sessions to the events where most of its hours are stale', async () => {
  const question = { question: 'breakdown', by: 'country' };
  const stale = Array.from({ length: 13 }, (_, at) => at);
  expect((await rollUpWith(stale, question)).statement).toBeNull();
  expect((await rollUpWith(stale.slice(1), question)).statement).not.toBeNull();
});
