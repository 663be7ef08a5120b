-- What an event has against its project's tracking plan, as `properties.price: type`; '' where nothing was said.
ALTER TABLE events ADD COLUMN IF NOT EXISTS schema_violation LowCardinality(String) AFTER schema_version;
