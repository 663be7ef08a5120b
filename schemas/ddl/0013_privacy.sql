-- The salts by which projects count visitors without consent, one a UTC day. The processor makes them, and deletes each at
-- the end of the day after its own: then nobody can tell any more whose a key was. Of several of one day, the least counts.
CREATE TABLE IF NOT EXISTS visitor_salts
(
    day Date,
    salt String
)
ENGINE = MergeTree
ORDER BY (day, salt)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;
-- Persons to be removed, a version of the row for each step of the job, and what it came to. Holds no personal data.
CREATE TABLE IF NOT EXISTS purges
(
    project_id LowCardinality(String),
    purge_id UUID,
    version UInt8,
    kind LowCardinality(String),
    state LowCardinality(String),
    requested_at DateTime64(3, 'UTC'),
    deleted_before DateTime64(3, 'UTC'),
    finished_at DateTime64(3, 'UTC'),
    ids UInt32,
    found String,
    left String
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (project_id, purge_id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;
-- Whom a purge is about, while it is under way: what was asked for (`user_id`, `anonymous_id`, `email`), all ids that this
-- person has (`id`), and how they stand in JSON (`json`). Deleted when the purge is done: until then it survives the claims
-- by which the ids were found.
CREATE TABLE IF NOT EXISTS purge_ids
(
    purge_id UUID,
    kind LowCardinality(String),
    id String
)
ENGINE = MergeTree
ORDER BY (purge_id, kind, id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;
-- Ids and mail addresses that were purged, as SHA-256 with their project: what was made before `purged_at` does not come back.
CREATE TABLE IF NOT EXISTS tombstones
(
    project_id LowCardinality(String),
    hash String,
    purged_at DateTime64(3, 'UTC'),
    stored_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(purged_at)
ORDER BY (project_id, hash)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;
