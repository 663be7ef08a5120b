-- What could not be decoded or stored, with its original bytes, for a replay.
CREATE TABLE IF NOT EXISTS dead_letters
(
    project_id LowCardinality(String),
    reason LowCardinality(String),
    stage LowCardinality(String),
    message String CODEC(ZSTD(1)),
    log LowCardinality(String),
    `partition` UInt16,
    `offset` UInt64,
    `index` Int32,
    received_at DateTime64(3, 'UTC'),
    stored_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC'),
    payload String CODEC(ZSTD(3))
)
ENGINE = ReplacingMergeTree
PARTITION BY toYYYYMM(received_at)
ORDER BY (log, `partition`, `offset`, `index`, reason)
TTL toDate(received_at) + INTERVAL 90 DAY
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1;
