import type { Logger } from '@px-platform/runtime';
import { type FileLoadOutcome, watchFile } from '../watched-file/watch-file.ts';
import { createGeoDatabase } from './create-geo-database.ts';
import type { GeoDatabase } from './geo-database.ts';
import { openGeoFile } from './open-geo-file.ts';

/** A geo database that follows its file. */
export interface WatchedGeoDatabase {
  readonly database: GeoDatabase;
  /** Looks at the file, and reads it where it has changed. One look at a time. Never throws. */
  check(): Promise<void>;
}

/**
 * Reads the .mmdb at `path`, and again when it has changed, as `watchFile` does: a new file takes the old one's place
 * between two look-ups; a broken or missing one doesn't: places stay those of the file before (unknown where there was none).
 */
export async function watchGeoDatabase(options: {
  path: string;
  readStamp: (path: string) => Promise<string>;
  count: (outcome: FileLoadOutcome) => void;
  logger: Pick<Logger, 'info' | 'warn'>;
}): Promise<WatchedGeoDatabase> {
  const { path, logger } = options;
  const { current, revision, check } = await watchFile<GeoDatabase>({
    ...options,
    none: createGeoDatabase({ v4: null, v6: null }, '', logger),
    code: 'geo_database_unreadable',
    async read() {
      const file = await openGeoFile(() => path, ['v4']);
      // A tree of IPv4 alone would read an IPv6 address's first bits as an IPv4 one.
      return createGeoDatabase({ v4: file, v6: file.reader.metadata.ipVersion === 6 ? file : null }, '', logger);
    },
    onReplaced: (database) => logger.info(database.describe(), 'the geo database was read again'),
  });
  return {
    database: { find: (ip) => current().find(ip), revision, describe: () => current().describe() },
    check,
  };
}
