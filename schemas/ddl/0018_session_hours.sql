-- Sessions by hour: one row an hour, made whole from `events` and replaced as a whole, as `rollups` are. A stay is what one session did in the
-- hour, of one user and on one device in one country. docs/adr/0020-sessions-by-the-hour.md. Ranks say which stay of the session came first
-- within the hour, since two may share a millisecond. A row goes with the first of its events: from then on the hour is read from these.
CREATE TABLE IF NOT EXISTS session_hours
(
    project_id LowCardinality(String),
    hour DateTime64(0, 'UTC') CODEC(Delta, ZSTD(1)),
    version UInt64 CODEC(Delta, ZSTD(1)),
    is_whole Bool,
    `stays.session` Array(UInt64) CODEC(LZ4),
    `stays.person_key_hash` Array(UInt64) CODEC(ZSTD(1)),
    `stays.user_hash` Array(UInt64) CODEC(ZSTD(1)),
    `stays.country` Array(LowCardinality(String)) CODEC(ZSTD(1)),
    `stays.device` Array(LowCardinality(String)) CODEC(ZSTD(1)),
    `stays.browser` Array(LowCardinality(String)) CODEC(ZSTD(1)),
    `stays.os` Array(LowCardinality(String)) CODEC(ZSTD(1)),
    `stays.is_bot` Array(Bool) CODEC(ZSTD(1)),
    `stays.events` Array(UInt32) CODEC(T64, ZSTD(1)),
    `stays.views` Array(UInt32) CODEC(T64, ZSTD(1)),
    `stays.engaged_ms` Array(UInt64) CODEC(T64, ZSTD(1)),
    `stays.first_ms` Array(UInt32) CODEC(T64, ZSTD(1)),
    `stays.last_ms` Array(UInt32) CODEC(T64, ZSTD(1)),
    `stays.first_rank` Array(UInt32) CODEC(T64, ZSTD(1)),
    `stays.entry_rank` Array(UInt32) CODEC(T64, ZSTD(1)),
    `stays.exit_rank` Array(UInt32) CODEC(T64, ZSTD(1)),
    `stays.entry_path` Array(String) CODEC(ZSTD(1)),
    `stays.exit_path` Array(String) CODEC(ZSTD(1)),
    `stays.channel` Array(LowCardinality(String)) CODEC(ZSTD(1)),
    `stays.referrer_host` Array(LowCardinality(String)) CODEC(ZSTD(1)),
    `stays.utm_source` Array(LowCardinality(String)) CODEC(ZSTD(1)),
    `stays.utm_medium` Array(LowCardinality(String)) CODEC(ZSTD(1)),
    `stays.utm_campaign` Array(LowCardinality(String)) CODEC(ZSTD(1)),
    `stays.utm_term` Array(LowCardinality(String)) CODEC(ZSTD(1)),
    `stays.utm_content` Array(LowCardinality(String)) CODEC(ZSTD(1)),
    retain_until Date CODEC(ZSTD(1))
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (project_id, hour)
TTL retain_until
SETTINGS index_granularity = 24, fsync_after_insert = 1, fsync_part_directory = 1;
-- The mark up to which an hour's sessions are made, and the same where it has more stays than a row is given. 0 in hours that were made before
-- there were any: these are made once more.
ALTER TABLE rollup_hours ADD COLUMN IF NOT EXISTS sessions_built SimpleAggregateFunction(max, UInt64) CODEC(ZSTD(1)) AFTER broad;
ALTER TABLE rollup_hours ADD COLUMN IF NOT EXISTS crowded SimpleAggregateFunction(max, UInt64) CODEC(ZSTD(1)) AFTER sessions_built;
