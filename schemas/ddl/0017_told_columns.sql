-- Right for rows from before too, which have all of it in the own column.
-- Whose an event is: `anonymous_id`, unless told otherwise.
ALTER TABLE events ADD COLUMN IF NOT EXISTS person_key String ALIAS if(own_person_key = '', anonymous_id, own_person_key) AFTER own_person_key;
ALTER TABLE events MODIFY COLUMN person_key_hash UInt64 MATERIALIZED cityHash64(if(own_person_key = '', anonymous_id, own_person_key)) CODEC(ZSTD(1));
-- The page's address: `https://` with host, path and search.
ALTER TABLE events ADD COLUMN IF NOT EXISTS url String ALIAS if(own_url = '' AND host != '', concat('https://', host, path, search), own_url) AFTER own_url;
-- The id of the request: after a colon, which ids that clients send don't have, stands what follows the time of a UUIDv7 made when it was received.
ALTER TABLE events ADD COLUMN IF NOT EXISTS request_id String ALIAS if(startsWith(own_request_id, ':'), concat(substring(leftPad(lower(hex(toUInt64(toUnixTimestamp64Milli(received_at)))), 12, '0'), 1, 8), '-', substring(leftPad(lower(hex(toUInt64(toUnixTimestamp64Milli(received_at)))), 12, '0'), 9, 4), '-', substring(own_request_id, 2)), own_request_id) AFTER own_request_id;
