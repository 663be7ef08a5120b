-- One row per session, person and UTC day of its events: a session over midnight has two, which `sessions_v` joins. An
-- event's day never changes, as a session's start does, and so sessions of some days are read by their key. All states
-- are such that a second delivery of the same events does not change them. The table is derived: it is made anew and
-- filled from `events`, as often as this breaks off.
DROP TABLE IF EXISTS sessions SYNC;
CREATE TABLE IF NOT EXISTS sessions
(
    project_id LowCardinality(String),
    day Date,
    session_id UUID CODEC(ZSTD(1)),
    person_key String CODEC(ZSTD(1)),
    start_at SimpleAggregateFunction(min, DateTime64(3, 'UTC')) CODEC(Delta, ZSTD(1)),
    end_at SimpleAggregateFunction(max, DateTime64(3, 'UTC')) CODEC(Delta, ZSTD(1)),
    seen SimpleAggregateFunction(groupUniqArrayArray, Array(UInt64)) CODEC(ZSTD(1)),
    engaged SimpleAggregateFunction(groupUniqArrayArray, Array(UInt64)) CODEC(ZSTD(1)),
    entry AggregateFunction(argMin, Tuple(path String, channel String, utm_source String, utm_medium String, utm_campaign String, referrer_host String, country String, region String, city String, device String, browser String, os String, is_bot Bool), Tuple(UInt8, DateTime64(3, 'UTC'), UInt64, UInt16)) CODEC(ZSTD(1)),
    exit_path AggregateFunction(argMax, String, Tuple(UInt8, DateTime64(3, 'UTC'), UInt64, UInt16)) CODEC(ZSTD(1)),
    last_touch AggregateFunction(argMax, Tuple(channel String, utm_source String, utm_medium String, utm_campaign String, referrer_host String), Tuple(UInt8, DateTime64(3, 'UTC'), UInt64, UInt16)) CODEC(ZSTD(1)),
    retain_until SimpleAggregateFunction(max, Date)
)
ENGINE = AggregatingMergeTree
PARTITION BY toYYYYMM(day)
ORDER BY (project_id, day, session_id, person_key)
TTL retain_until
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, merge_selector_base = 10;
-- As `deriveSessions` of the store does it for each batch.
INSERT INTO sessions
WITH
    cityHash64(event_id) AS id,
    if(event = 'scroll', toFloat64OrZero(toString(properties.engaged_ms)), 0) AS engaged_ms,
    engaged_ms > 0 AND engaged_ms <= 86400000 AS is_engaged
SELECT
    project_id,
    toDate(timestamp),
    session_id,
    person_key,
    min(timestamp),
    max(timestamp),
    groupUniqArrayIf(bitOr(bitShiftLeft(id, 1), toUInt64(event = 'page_view')), NOT is_engaged),
    groupUniqArrayIf(bitOr(bitShiftLeft(id, 27), toUInt64(engaged_ms)), is_engaged),
    argMinState(CAST((path, channel, utm_source, utm_medium, utm_campaign, referrer_host, country, region, city, device, browser, os, is_bot), 'Tuple(path String, channel String, utm_source String, utm_medium String, utm_campaign String, referrer_host String, country String, region String, city String, device String, browser String, os String, is_bot Bool)'), (toUInt8(event != 'page_view'), timestamp, _offset, _index)),
    argMaxState(path, (toUInt8(event = 'page_view'), timestamp, _offset, _index)),
    argMaxState(CAST((channel, utm_source, utm_medium, utm_campaign, referrer_host), 'Tuple(channel String, utm_source String, utm_medium String, utm_campaign String, referrer_host String)'), (toUInt8(channel NOT IN ('', 'direct')), timestamp, _offset, _index)),
    max(retain_until)
FROM events
GROUP BY project_id, toDate(timestamp), session_id, person_key
SETTINGS max_partitions_per_insert_block = 0, max_bytes_before_external_group_by = 500000000;
-- One row per session, with no states: what an analyst reads.
CREATE VIEW IF NOT EXISTS sessions_v AS
SELECT
    project_id,
    session_id,
    person_key,
    first_at AS start_at,
    last_at AS end_at,
    dateDiff('millisecond', first_at, last_at) AS duration_ms,
    arraySum(one -> bitAnd(one, 134217727), engaged_once) AS engaged_ms,
    length(seen_once) + length(engaged_once) AS events,
    arrayCount(one -> bitAnd(one, 1) = 1, seen_once) AS page_views,
    toBool(page_views <= 1 AND engaged_ms < 10000) AS is_bounce,
    entered.path AS entry_path,
    left_by AS exit_path,
    entered.channel AS channel,
    entered.utm_source AS utm_source,
    entered.utm_medium AS utm_medium,
    entered.utm_campaign AS utm_campaign,
    entered.referrer_host AS referrer_host,
    touched.channel AS last_channel,
    touched.utm_source AS last_utm_source,
    touched.utm_medium AS last_utm_medium,
    touched.utm_campaign AS last_utm_campaign,
    touched.referrer_host AS last_referrer_host,
    entered.country AS country,
    entered.region AS region,
    entered.city AS city,
    entered.device AS device,
    entered.browser AS browser,
    entered.os AS os,
    entered.is_bot AS is_bot
FROM
(
    SELECT
        project_id,
        session_id,
        person_key,
        min(start_at) AS first_at,
        max(end_at) AS last_at,
        groupUniqArrayArray(seen) AS seen_once,
        groupUniqArrayArray(engaged) AS engaged_once,
        argMinMerge(entry) AS entered,
        argMaxMerge(exit_path) AS left_by,
        argMaxMerge(last_touch) AS touched
    FROM sessions
    GROUP BY project_id, session_id, person_key
);
-- The same of one project, of the sessions that began in `from` <= t < `to`, and of the table only the days that they may lie in.
CREATE VIEW IF NOT EXISTS sessions_between AS
SELECT
    project_id,
    session_id,
    person_key,
    first_at AS start_at,
    last_at AS end_at,
    dateDiff('millisecond', first_at, last_at) AS duration_ms,
    arraySum(one -> bitAnd(one, 134217727), engaged_once) AS engaged_ms,
    length(seen_once) + length(engaged_once) AS events,
    arrayCount(one -> bitAnd(one, 1) = 1, seen_once) AS page_views,
    toBool(page_views <= 1 AND engaged_ms < 10000) AS is_bounce,
    entered.path AS entry_path,
    left_by AS exit_path,
    entered.channel AS channel,
    entered.utm_source AS utm_source,
    entered.utm_medium AS utm_medium,
    entered.utm_campaign AS utm_campaign,
    entered.referrer_host AS referrer_host,
    touched.channel AS last_channel,
    touched.utm_source AS last_utm_source,
    touched.utm_medium AS last_utm_medium,
    touched.utm_campaign AS last_utm_campaign,
    touched.referrer_host AS last_referrer_host,
    entered.country AS country,
    entered.region AS region,
    entered.city AS city,
    entered.device AS device,
    entered.browser AS browser,
    entered.os AS os,
    entered.is_bot AS is_bot
FROM
(
    SELECT
        project_id,
        session_id,
        person_key,
        min(start_at) AS first_at,
        max(end_at) AS last_at,
        groupUniqArrayArray(seen) AS seen_once,
        groupUniqArrayArray(engaged) AS engaged_once,
        argMinMerge(entry) AS entered,
        argMaxMerge(exit_path) AS left_by,
        argMaxMerge(last_touch) AS touched
    FROM sessions
    WHERE project_id = {project:String}
        AND day BETWEEN toDate({from:DateTime('UTC')}) - 1 AND toDate({to:DateTime('UTC')}) + 1
    GROUP BY project_id, session_id, person_key
)
WHERE first_at >= {from:DateTime('UTC')} AND first_at < {to:DateTime('UTC')};
