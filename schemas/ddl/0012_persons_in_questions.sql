-- Who did an event, as numbers: questions count persons by 8 bytes in place of two texts. Derived of the row itself, so that a
-- resend and a replay give the same. `user_hash` is 0 where no user is named: the ids that name nobody are those of
-- schemas/src/blocked-id.ts (a test compares them).
ALTER TABLE events ADD COLUMN IF NOT EXISTS person_key_hash UInt64 MATERIALIZED cityHash64(person_key) CODEC(ZSTD(1)) AFTER person_key;
ALTER TABLE events ADD COLUMN IF NOT EXISTS user_hash UInt64 MATERIALIZED if(lower(trim(BOTH ' "''' FROM user_id)) IN ('', '0', '-1', 'null', '(null)', 'nil', 'none', 'undefined', 'nan', 'n/a', 'true', 'false', '[object object]', '{}', '[]', '00000000-0000-0000-0000-000000000000', 'anonymous', 'anonymous_id', 'anonymousid', 'distinct_id', 'distinctid', 'email', 'guest', 'id', 'not_authenticated', 'unknown', 'user', 'user_id', 'userid'), 0, cityHash64(user_id)) CODEC(ZSTD(1)) AFTER person_key_hash;
-- One person and one session are found without reading all the others.
ALTER TABLE events ADD INDEX IF NOT EXISTS by_person_key_hash person_key_hash TYPE bloom_filter(0.01) GRANULARITY 1;
ALTER TABLE events ADD INDEX IF NOT EXISTS by_user_hash user_hash TYPE bloom_filter(0.01) GRANULARITY 1;
ALTER TABLE events ADD INDEX IF NOT EXISTS by_session_id session_id TYPE bloom_filter(0.01) GRANULARITY 1;
-- In what is stored already: in the background, and worked out by each question until then.
ALTER TABLE events MATERIALIZE COLUMN person_key_hash, MATERIALIZE COLUMN user_hash, MATERIALIZE INDEX by_person_key_hash, MATERIALIZE INDEX by_user_hash, MATERIALIZE INDEX by_session_id SETTINGS mutations_sync = 0;
-- Ids that are another's, or nobody's (0), as the same hashes: few beside all visitors. The rules are those of `identity_rules`
-- and `person_ids`, over one look at `identity_parents`: those name it three times, and planning them takes longer than counting.
CREATE VIEW IF NOT EXISTS person_joins AS
SELECT pair.1 AS id_hash, min(pair.2) AS person_hash
FROM
(
    SELECT arrayJoin(if(is_nobody = 1, [(parent, toUInt64(0))], arrayMap(child -> (child, if(end = 0, parent, end)), children))) AS pair
    FROM
    (
        SELECT told.1 AS parent, groupArrayArray(told.2) AS children, max(told.3) AS end, max(told.4) AS is_nobody
        FROM
        (
            SELECT
                arrayJoin(arrayConcat(
                    arrayMap(one -> (one.1, one.2, toUInt64(0), toUInt8(0)), groups),
                    arrayMap((child, parent) -> (child, CAST([], 'Array(UInt64)'), arrayFold((at, step) -> if(indexOf(between.1, at) = 0, at, between.2[indexOf(between.1, at)]), range(8), parent), toUInt8(0)), children, parents),
                    arrayMap(one -> (one, CAST([], 'Array(UInt64)'), toUInt64(0), toUInt8(1)), nobodies))) AS told
            FROM
            (
                SELECT
                    nobodies, groups, children, parents,
                    (arrayFilter((child, parent) -> has(middle, child), children, parents), arrayFilter((parent, child) -> has(middle, child), parents, children)) AS between
                FROM
                (
                    SELECT nobodies, groups, children, parents, arrayIntersect(children, parents) AS middle
                    FROM
                    (
                        SELECT nobodies, groups, arrayMap(link -> link.1, links) AS children, arrayMap(link -> link.2, links) AS parents
                        FROM
                        (
                            SELECT nobodies, groups, arrayFilter(link -> NOT has(nobodies, link.1) AND NOT has(nobodies, link.2), pairs) AS links
                            FROM
                            (
                                SELECT arrayConcat(arrayFilter(one -> NOT has(trusted, one), crowded), blocked) AS nobodies, groups, pairs
                                FROM
                                (
                                    SELECT
                                        groupArrayIf(parent_hash, parent_hash != 0 AND joined > if(is_address, 49, 200)) AS crowded,
                                        groupArrayArray(trust) AS trusted,
                                        groupArrayArray(block) AS blocked,
                                        groupArrayIf((parent_hash, ids), parent_hash != 0) AS groups,
                                        groupArrayArrayIf(arrayMap(child -> (child, parent_hash), users), parent_hash != 0) AS pairs
                                    FROM
                                    (
                                        SELECT
                                            if(parent = '', 0, cityHash64(parent)) AS parent_hash,
                                            any(parent LIKE '%_@_%') AS is_address,
                                            count() AS joined,
                                            groupArray(cityHash64(id)) AS ids,
                                            groupArrayIf(cityHash64(id), is_known) AS users,
                                            groupArrayIf(cityHash64(id), decision = 'trust') AS trust,
                                            groupArrayIf(cityHash64(id), decision = 'block') AS block
                                        FROM identity_parents(project = {project:String})
                                        WHERE parent != '' OR decision IN ('trust', 'block')
                                        GROUP BY parent_hash
                                    )
                                )
                            )
                        )
                    )
                )
            )
        )
        GROUP BY parent
    )
)
GROUP BY id_hash;
