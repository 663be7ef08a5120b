-- One row per session, in states that a second delivery of the same events does not change.
CREATE TABLE IF NOT EXISTS sessions
(
    project_id LowCardinality(String),
    session_id UUID,
    person_key SimpleAggregateFunction(any, String),
    start_at SimpleAggregateFunction(min, DateTime64(3, 'UTC')),
    end_at SimpleAggregateFunction(max, DateTime64(3, 'UTC')),
    events AggregateFunction(uniqExact, UUID),
    page_views AggregateFunction(uniqExactIf, UUID, UInt8),
    entry_path AggregateFunction(argMin, String, DateTime64(3, 'UTC')),
    exit_path AggregateFunction(argMax, String, DateTime64(3, 'UTC')),
    channel AggregateFunction(argMin, String, DateTime64(3, 'UTC')),
    country AggregateFunction(argMin, String, DateTime64(3, 'UTC')),
    device AggregateFunction(argMin, String, DateTime64(3, 'UTC')),
    retain_until SimpleAggregateFunction(max, Date)
)
ENGINE = AggregatingMergeTree
ORDER BY (project_id, session_id)
TTL retain_until
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;
