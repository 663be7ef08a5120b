-- One row per audit event: who did what to which thing. A tenant is a partition, so that all of one can be given out or
-- dropped alone. The key's columns come from what a resend repeats. No TTL: evidence ends when somebody says so.
CREATE TABLE IF NOT EXISTS audit_events
(
    tenant_id LowCardinality(String),
    project_id LowCardinality(String),
    day Date,
    event_id UUID,
    timestamp DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    received_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    stored_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    actor_id String CODEC(ZSTD(1)),
    actor_type LowCardinality(String),
    actor_email String CODEC(ZSTD(1)),
    action LowCardinality(String),
    resource_type LowCardinality(String),
    resource_id String CODEC(ZSTD(1)),
    result LowCardinality(String),
    metadata String CODEC(ZSTD(3)),
    request_id String CODEC(ZSTD(1)),
    key_prefix LowCardinality(String),
    schema_version LowCardinality(String),
    _log LowCardinality(String),
    _partition UInt16,
    _offset UInt64 CODEC(Delta, ZSTD(1)),
    _index UInt16,
    INDEX by_received_at received_at TYPE minmax GRANULARITY 1,
    INDEX by_actor_id actor_id TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX by_resource_id resource_id TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX by_event_id event_id TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = ReplacingMergeTree
PARTITION BY tenant_id
ORDER BY (project_id, day, event_id)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;
