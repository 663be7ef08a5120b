-- Codecs alone: no row is written again, parts take them as they are merged. Of a day of the reference mix they take a quarter:
-- what repeats in numbers, in dictionaries' indexes and in properties, which LZ4 leaves in.
ALTER TABLE events MODIFY SETTING default_compression_codec = 'ZSTD(1)';
ALTER TABLE events
    MODIFY COLUMN properties CODEC(ZSTD(3)),
    MODIFY COLUMN url CODEC(ZSTD(3)),
    MODIFY COLUMN path CODEC(ZSTD(3)),
    MODIFY COLUMN title CODEC(ZSTD(3)),
    MODIFY COLUMN referrer CODEC(ZSTD(3)),
    MODIFY COLUMN timestamp CODEC(T64, ZSTD(1)),
    MODIFY COLUMN received_at CODEC(T64, ZSTD(1)),
    MODIFY COLUMN stored_at CODEC(ZSTD(1)),
    MODIFY COLUMN _offset CODEC(T64, ZSTD(1)),
    MODIFY COLUMN _index CODEC(T64, ZSTD(1));
