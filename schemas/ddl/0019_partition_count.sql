-- Among so many partitions of its log, a row's person has the one that it came by: so a processor of a group warms its own share of what is
-- stored, and leaves what is certainly another's. 0, as in rows of before, is everybody's. docs/adr/0034-a-generation-warms-its-share.md
ALTER TABLE events ADD COLUMN IF NOT EXISTS _partition_count UInt16 CODEC(ZSTD(1)) AFTER _index;
