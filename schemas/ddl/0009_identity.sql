-- Who is who, as facts that any order and any number of deliveries leave the same: minima and maxima over the events'
-- own time, with the event's id where two times are one. What follows from them is asked by the views below, so that
-- an identify that comes hours late still decides as if it had come in time. docs/data-model.md, "Identity".

-- `id` was said to be `user_id`, by `source`: `identify` and `alias` (said), `alias_back` (an alias read the other way
-- round), `known` (the user itself, id = user_id), `blocked` (said with an id that names nobody: kept for the log alone).
-- Or an operator decided of `id`: `apart` (its join is undone), `block` (it names nobody), `trust` (the limits don't hold
-- for it), `clear` (the rules hold again).
CREATE TABLE IF NOT EXISTS identity_claims
(
    project_id LowCardinality(String),
    id String CODEC(ZSTD(1)),
    user_id String CODEC(ZSTD(1)),
    source LowCardinality(String),
    first SimpleAggregateFunction(min, Tuple(at DateTime64(3, 'UTC'), event_id String)) CODEC(ZSTD(1)),
    last_at SimpleAggregateFunction(max, DateTime64(3, 'UTC')) CODEC(ZSTD(1)),
    retain_until SimpleAggregateFunction(max, Date)
)
ENGINE = AggregatingMergeTree
ORDER BY (project_id, id, user_id, source)
TTL retain_until
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;
-- What was set on a person's id or on a group: `holder` person or group, `operation` set ($set, traits, $unset) or
-- set_once. `value` is JSON.
CREATE TABLE IF NOT EXISTS identity_properties
(
    project_id LowCardinality(String),
    holder LowCardinality(String),
    id String CODEC(ZSTD(1)),
    property String CODEC(ZSTD(1)),
    operation LowCardinality(String),
    first SimpleAggregateFunction(min, Tuple(at DateTime64(3, 'UTC'), event_id String, is_unset UInt8, value String)) CODEC(ZSTD(1)),
    last SimpleAggregateFunction(max, Tuple(at DateTime64(3, 'UTC'), event_id String, is_unset UInt8, value String)) CODEC(ZSTD(1)),
    retain_until SimpleAggregateFunction(max, Date)
)
ENGINE = AggregatingMergeTree
ORDER BY (project_id, holder, id, property, operation)
TTL retain_until
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;
-- Which ids were said to belong to a group, and when.
CREATE TABLE IF NOT EXISTS group_members
(
    project_id LowCardinality(String),
    group_id String CODEC(ZSTD(1)),
    id String CODEC(ZSTD(1)),
    first_at SimpleAggregateFunction(min, DateTime64(3, 'UTC')) CODEC(ZSTD(1)),
    last_at SimpleAggregateFunction(max, DateTime64(3, 'UTC')) CODEC(ZSTD(1)),
    retain_until SimpleAggregateFunction(max, Date)
)
ENGINE = AggregatingMergeTree
ORDER BY (project_id, group_id, id)
TTL retain_until
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;
-- The log of what operators decided of ids. What holds of it is a claim too: the last word on an id.
CREATE TABLE IF NOT EXISTS identity_decisions
(
    project_id LowCardinality(String),
    id String,
    decided_at DateTime64(3, 'UTC'),
    decision LowCardinality(String),
    decided_by String,
    note String
)
ENGINE = ReplacingMergeTree
ORDER BY (project_id, id, decided_at, decision)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;
-- The one id that each id joined, '' where it stands alone. The first claim on an id decides, and only where it came
-- before the id was known as a user: two that are known never join. An alias between a known user and a new id joins
-- the new one to the known one. A parent is known earlier than its child, so that there is no way round in a circle.
CREATE VIEW IF NOT EXISTS identity_parents AS
SELECT
    ids.id AS id,
    ids.is_known AS is_known,
    ids.known AS known,
    ids.decision AS decision,
    multiIf(
        ids.decision = 'apart', '',
        ids.is_claimed AND (NOT ids.is_known OR ids.claim.1 < ids.known), ids.claim.2,
        ids.is_back AND ids.back.1 = ids.known AND earlier.id != '' AND earlier.known < ids.known, ids.back.2,
        '') AS parent
FROM
(
    SELECT
        id,
        countIf(source = 'known') > 0 AS is_known,
        minIf(first, source = 'known') AS known,
        countIf(source IN ('identify', 'alias')) > 0 AS is_claimed,
        minIf((first, user_id), source IN ('identify', 'alias')) AS claim,
        countIf(source = 'alias_back') > 0 AS is_back,
        minIf((first, user_id), source = 'alias_back') AS back,
        argMaxIf(source, (last_at, source), source IN ('apart', 'block', 'trust', 'clear')) AS decision
    FROM identity_claims
    WHERE project_id = {project:String}
    GROUP BY id
) AS ids
LEFT ANY JOIN
(
    SELECT id, min(first) AS known
    FROM identity_claims
    WHERE project_id = {project:String} AND source = 'known'
      AND id IN (SELECT user_id FROM identity_claims WHERE project_id = {project:String} AND source = 'alias_back')
    GROUP BY id
) AS earlier ON earlier.id = ids.back.2;
-- Users that joined another one, with the end of their chain (over nine ids at most), and ids that name nobody, whose end
-- is '': more ids joined them than one person has (50 for an e-mail address, 201 for another id), or an operator says
-- so. In layers, each of which names what the next one uses often: the engine plans a name anew wherever it stands.
CREATE VIEW IF NOT EXISTS identity_rules AS
SELECT
    arrayJoin(arrayZip(
        arrayConcat(children, nobodies),
        arrayConcat(
            arrayMap(one -> arrayFold((at, step) -> if(indexOf(between.1, at) = 0, at, between.2[indexOf(between.1, at)]), range(8), one), parents),
            arrayResize(CAST([], 'Array(String)'), length(nobodies), '')))) AS pair,
    pair.1 AS id,
    pair.2 AS end
FROM
(
    SELECT
        nobodies, children, parents,
        arrayFilter((child, parent) -> has(middle, child), children, parents) AS middle_children,
        arrayFilter((parent, child) -> has(middle, child), parents, children) AS middle_parents,
        (middle_children, middle_parents) AS between
    FROM
    (
        SELECT nobodies, children, parents, arrayIntersect(children, parents) AS middle
        FROM
        (
            SELECT nobodies, arrayMap(link -> link.1, links) AS children, arrayMap(link -> link.2, links) AS parents
            FROM
            (
                SELECT nobodies, arrayFilter(link -> NOT has(nobodies, link.1) AND NOT has(nobodies, link.2), pairs) AS links
                FROM
                (
                    SELECT arrayConcat(arrayFilter(one -> NOT has(trusted, one), crowded), blocked) AS nobodies, pairs
                    FROM
                    (
                        SELECT
                            groupArrayIf(parent, parent != '' AND joined > if(parent LIKE '%_@_%', 49, 200)) AS crowded,
                            groupArrayArray(trust) AS trusted,
                            groupArrayArray(block) AS blocked,
                            groupArrayArrayIf(arrayMap(child -> (child, parent), users), parent != '') AS pairs
                        FROM
                        (
                            SELECT
                                parent,
                                count() AS joined,
                                groupArrayIf(id, is_known) AS users,
                                groupArrayIf(id, decision = 'trust') AS trust,
                                groupArrayIf(id, decision = 'block') AS block
                            FROM identity_parents(project = {project:String})
                            WHERE parent != '' OR decision IN ('trust', 'block')
                            GROUP BY parent
                        )
                    )
                )
            )
        )
    )
);
-- Whose each id is: `SELECT * FROM person_ids(project = 'prj_…')`.
CREATE VIEW IF NOT EXISTS person_ids AS
SELECT
    said.id AS id,
    CAST(own.id != '' AND own.end = '', 'Bool') AS is_nobody,
    multiIf(is_nobody, '', said.parent = '', said.id, parents.id = '', said.parent, parents.end = '', said.id, parents.end) AS person_id,
    CAST(said.is_known, 'Bool') AS is_user,
    said.known.1 AS identified_at
FROM identity_parents(project = {project:String}) AS said
LEFT ANY JOIN identity_rules(project = {project:String}) AS own ON own.id = said.id
LEFT ANY JOIN identity_rules(project = {project:String}) AS parents ON parents.id = said.parent;
-- The log of merges: what was said, and what came of it.
CREATE VIEW IF NOT EXISTS person_merges AS
SELECT
    said.first.at AS at,
    said.id AS id,
    said.user_id AS user_id,
    said.source AS source,
    said.first.event_id AS event_id,
    multiIf(
        said.source = 'blocked', 'blocked_id',
        child.parent = said.user_id OR user.parent = said.id, if(nobody.id != '', 'quarantined', 'joined'),
        child.decision = 'apart' OR user.decision = 'apart', 'undone',
        child.is_known AND child.known < said.first, 'two_users',
        'already_joined') AS outcome
FROM
(
    SELECT id, user_id, source, min(first) AS first
    FROM identity_claims
    WHERE project_id = {project:String} AND source IN ('identify', 'alias', 'blocked')
    GROUP BY id, user_id, source
) AS said
LEFT ANY JOIN identity_parents(project = {project:String}) AS child ON child.id = said.id
LEFT ANY JOIN identity_parents(project = {project:String}) AS user ON user.id = said.user_id
LEFT ANY JOIN (SELECT id FROM identity_rules(project = {project:String}) WHERE end = '') AS nobody ON nobody.id = if(child.parent = said.user_id, child.parent, user.parent);
-- What persons and groups are said to be, as JSON, over all ids of the person: `holder` person or group. The last `$set`
-- counts, without one the first `$set_once`; after an `$unset` the first or the last `$set_once` that came later.
CREATE VIEW IF NOT EXISTS identity_bags AS
SELECT
    holder,
    owner,
    concat('{', arrayStringConcat(arraySort(groupArrayIf(1000)(concat(toJSONString(property), ':', value), value != '')), ','), '}') AS bag
FROM
(
    SELECT
        held.holder AS holder,
        if(held.holder = 'person' AND ids.id != '', ids.person_id, held.id) AS owner,
        property,
        countIf(operation = 'set') > 0 AS is_set,
        maxIf(last, operation = 'set') AS set,
        countIf(operation = 'set_once') > 0 AS is_once,
        minIf(first, operation = 'set_once') AS first_once,
        maxIf(last, operation = 'set_once') AS last_once,
        multiIf(
            is_set AND set.is_unset = 0, set.value,
            NOT is_once, '',
            NOT is_set OR (first_once.at, first_once.event_id) > (set.at, set.event_id), first_once.value,
            (last_once.at, last_once.event_id) > (set.at, set.event_id), last_once.value,
            '') AS value
    FROM identity_properties AS held
    LEFT ANY JOIN person_ids(project = {project:String}) AS ids ON ids.id = held.id
    WHERE held.project_id = {project:String} AND (held.holder = 'group' OR NOT ids.is_nobody)
    GROUP BY holder, owner, property
)
GROUP BY holder, owner;
-- One row per person that was identified or has properties, over all ids of the person; `properties` is JSON.
CREATE VIEW IF NOT EXISTS persons AS
SELECT
    person_id,
    if(empty(groupArrayArray(ids)), [person_id], arraySort(groupArrayArray(1000)(ids))) AS ids,
    CAST(max(users) > 0, 'Bool') AS is_identified,
    max(identified) AS identified_at,
    if(max(bag) = '', '{}', max(bag)) AS properties
FROM
(
    SELECT
        person_id,
        groupArray(1000)(id) AS ids,
        countIf(is_user) AS users,
        minIf(identified_at, is_user) AS identified,
        '' AS bag
    FROM person_ids(project = {project:String})
    WHERE NOT is_nobody
    GROUP BY person_id
    UNION ALL
    SELECT owner, [], 0, toDateTime64(0, 3, 'UTC'), bag
    FROM identity_bags(project = {project:String})
    WHERE holder = 'person'
)
GROUP BY person_id;
-- One row per group; `members` are persons, `properties` is JSON.
CREATE VIEW IF NOT EXISTS groups AS
SELECT
    group_id,
    max(persons) AS members,
    max(joined_first) AS first_at,
    max(joined_last) AS last_at,
    if(max(bag) = '', '{}', max(bag)) AS properties
FROM
(
    SELECT
        group_id,
        uniqExact(if(owner.person_id = '', member.id, owner.person_id)) AS persons,
        min(first_at) AS joined_first,
        max(last_at) AS joined_last,
        '' AS bag
    FROM group_members AS member
    LEFT ANY JOIN person_ids(project = {project:String}) AS owner ON owner.id = member.id
    WHERE project_id = {project:String}
    GROUP BY group_id
    UNION ALL
    SELECT owner, 0, toDateTime64(0, 3, 'UTC'), toDateTime64(0, 3, 'UTC'), bag
    FROM identity_bags(project = {project:String})
    WHERE holder = 'group'
)
GROUP BY group_id;
