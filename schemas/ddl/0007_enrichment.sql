-- Who sent the visitor and how, as GA4 names them: campaign tags, else click id or referrer.
ALTER TABLE events ADD COLUMN IF NOT EXISTS source LowCardinality(String) AFTER channel;
ALTER TABLE events ADD COLUMN IF NOT EXISTS medium LowCardinality(String) AFTER source;
-- The campaigns that first and last brought the visitor, as the SDK remembers them: on a page_view alone.
ALTER TABLE events ADD COLUMN IF NOT EXISTS first_touch_channel LowCardinality(String) AFTER click_ids;
ALTER TABLE events ADD COLUMN IF NOT EXISTS first_touch_source LowCardinality(String) AFTER first_touch_channel;
ALTER TABLE events ADD COLUMN IF NOT EXISTS first_touch_medium LowCardinality(String) AFTER first_touch_source;
ALTER TABLE events ADD COLUMN IF NOT EXISTS first_touch_campaign LowCardinality(String) AFTER first_touch_medium;
ALTER TABLE events ADD COLUMN IF NOT EXISTS last_touch_channel LowCardinality(String) AFTER first_touch_campaign;
ALTER TABLE events ADD COLUMN IF NOT EXISTS last_touch_source LowCardinality(String) AFTER last_touch_channel;
ALTER TABLE events ADD COLUMN IF NOT EXISTS last_touch_medium LowCardinality(String) AFTER last_touch_source;
ALTER TABLE events ADD COLUMN IF NOT EXISTS last_touch_campaign LowCardinality(String) AFTER last_touch_medium;
-- What renders the page, and why an event is flagged as a robot's.
ALTER TABLE events ADD COLUMN IF NOT EXISTS engine LowCardinality(String) AFTER browser_version;
ALTER TABLE events ADD COLUMN IF NOT EXISTS bot_signal LowCardinality(String) AFTER is_bot;
-- More of the place. Degrees are rounded to 0.1, about 11 km; NULL where not known, since 0 is a place.
ALTER TABLE events ADD COLUMN IF NOT EXISTS continent LowCardinality(String) AFTER bot_signal;
ALTER TABLE events ADD COLUMN IF NOT EXISTS geo_timezone LowCardinality(String) AFTER city;
ALTER TABLE events ADD COLUMN IF NOT EXISTS latitude Nullable(Float32) AFTER geo_timezone;
ALTER TABLE events ADD COLUMN IF NOT EXISTS longitude Nullable(Float32) AFTER latitude;
