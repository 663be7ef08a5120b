-- Events by hour, and by one dimension beside their name: one row an hour and dimension, made whole from `events` each
-- time and replaced as a whole, so that an event that is delivered again, comes late or is purged needs no sum of its
-- own. docs/data-model.md, "Rollups".
CREATE TABLE IF NOT EXISTS rollups
(
    project_id LowCardinality(String),
    dimension LowCardinality(String),
    hour DateTime64(0, 'UTC') CODEC(Delta, ZSTD(1)),
    version UInt64 CODEC(Delta, ZSTD(1)),
    is_whole Bool,
    counts Nested
    (
        event LowCardinality(String),
        value String,
        events UInt64
    ) CODEC(ZSTD(3)),
    retain_until Date CODEC(ZSTD(1))
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (project_id, dimension, hour)
TTL retain_until + INTERVAL 7 DAY
SETTINGS index_granularity = 256, fsync_after_insert = 1, fsync_part_directory = 1;
-- Each hour that ever held an event of a project, and how far its rollup has come. An hour is stale, and read from
-- `events`, where `marked` > `built`. Each number only grows.
CREATE TABLE IF NOT EXISTS rollup_hours
(
    project_id LowCardinality(String),
    hour DateTime64(0, 'UTC') CODEC(Delta, ZSTD(1)),
    marked SimpleAggregateFunction(max, UInt64) CODEC(ZSTD(1)),
    taken SimpleAggregateFunction(max, UInt64) CODEC(ZSTD(1)),
    built SimpleAggregateFunction(max, UInt64) CODEC(ZSTD(1)),
    broad SimpleAggregateFunction(max, UInt64) CODEC(ZSTD(1)),
    first_expiry SimpleAggregateFunction(min, Date) CODEC(ZSTD(1)),
    retain_until SimpleAggregateFunction(max, Date) CODEC(ZSTD(1))
)
ENGINE = AggregatingMergeTree
ORDER BY (project_id, hour)
TTL retain_until + INTERVAL 7 DAY
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;
-- Events that were stored before this table was there: their hours are stale.
INSERT INTO rollup_hours
SELECT
    project_id,
    fromUnixTimestamp64Second(intDiv(toUnixTimestamp64Milli(timestamp) - positiveModulo(toUnixTimestamp64Milli(timestamp), 3600000), 1000), 'UTC') AS hour,
    1,
    0,
    0,
    0,
    min(retain_until),
    max(retain_until)
FROM events
GROUP BY project_id, hour;
