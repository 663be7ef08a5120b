-- The persons of questions, stored: `person_joins` as it was at `version`, a row for each id that is another's (`person_hash`) or nobody's (0).
-- `person_hash` = `id_hash`: it was one of these, and stands alone again. A row whose version is below `whole` of the project's state says nothing.
-- docs/adr/0024-joins-are-stored-and-mended.md.
CREATE TABLE IF NOT EXISTS stored_joins
(
    project_id LowCardinality(String),
    id_hash UInt64 CODEC(ZSTD(1)),
    version DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    person_hash UInt64 CODEC(ZSTD(1))
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (project_id, id_hash)
TTL toDate(version) + INTERVAL 3 DAY
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;
-- How far they have come: what was touched up to `version` is in them; all of them were made at `whole`.
CREATE TABLE IF NOT EXISTS stored_joins_state
(
    project_id LowCardinality(String),
    version SimpleAggregateFunction(max, DateTime64(3, 'UTC')),
    whole SimpleAggregateFunction(max, DateTime64(3, 'UTC'))
)
ENGINE = AggregatingMergeTree
ORDER BY project_id
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;
-- Ids of which something was said or decided, noted once that was stored. 0: of any.
CREATE TABLE IF NOT EXISTS touched_ids
(
    project_id LowCardinality(String),
    touched_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    id_hash UInt64 CODEC(ZSTD(1))
)
ENGINE = MergeTree
ORDER BY (project_id, touched_at, id_hash)
TTL toDate(touched_at) + INTERVAL 3 DAY
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;
-- Both ends of a claim as the same hashes: the claims of a few ids are found by numbers.
ALTER TABLE identity_claims ADD COLUMN IF NOT EXISTS id_hash UInt64 MATERIALIZED cityHash64(id) CODEC(ZSTD(1)) AFTER id;
ALTER TABLE identity_claims ADD COLUMN IF NOT EXISTS user_hash UInt64 MATERIALIZED cityHash64(user_id) CODEC(ZSTD(1)) AFTER user_id;
