import { isAppError, type Logger } from '@px-platform/runtime';
import { createGeoDatabase } from './create-geo-database.ts';
import type { GeoDatabase } from './geo-database.ts';
import { openGeoFile } from './open-geo-file.ts';

/** What became of a geo file that was to be read: it is in use, or was broken and the one before stays. */
export type GeoLoadOutcome = 'loaded' | 'refused';

/** A geo database that follows its file. */
export interface WatchedGeoDatabase {
  readonly database: GeoDatabase;
  /** Looks at the file, and reads it where it has changed. One look at a time. Never throws. */
  check(): Promise<void>;
}

/**
 * Reads the .mmdb at `path`, and again when it has changed: at the second look that finds the same change, so that a
 * file still being copied is left to its writer. A new file takes the old one's place at once, between two look-ups; a
 * broken or missing one doesn't: places stay those of the file before (unknown where there was none), it is warned of
 * once and counted as refused. `readStamp` gives a text that another content, time or file changes; '' for no file.
 */
export async function watchGeoDatabase(options: {
  path: string;
  readStamp: (path: string) => Promise<string>;
  count: (outcome: GeoLoadOutcome) => void;
  logger: Pick<Logger, 'info' | 'warn'>;
}): Promise<WatchedGeoDatabase> {
  const { path, readStamp, count, logger } = options;
  let current = createGeoDatabase({ v4: null, v6: null }, '', logger);
  let revision = 0;
  let seen = await readStamp(path);
  let settling: string | null = null;
  let checking: Promise<void> | null = null;

  async function load(): Promise<void> {
    try {
      const file = await openGeoFile(() => path, ['v4']);
      // A tree of IPv4 alone would read an IPv6 address's first bits as an IPv4 one.
      current = createGeoDatabase({ v4: file, v6: file.reader.metadata.ipVersion === 6 ? file : null }, '', logger);
      revision += 1;
      count('loaded');
    } catch (error) {
      if (!isAppError(error, 'geo_database_unreadable')) throw error;
      count('refused');
      logger.warn({ code: error.code, err: error }, error.message);
    }
  }

  async function look(): Promise<void> {
    const found = await readStamp(path);
    if (found === seen) {
      settling = null;
      return;
    }
    if (found !== settling) {
      settling = found;
      return;
    }
    seen = found;
    settling = null;
    const before = revision;
    await load();
    if (revision > before) logger.info(current.describe(), 'the geo database was read again');
  }

  await load();
  return {
    database: {
      find: (ip) => current.find(ip),
      revision: () => revision,
      describe: () => current.describe(),
    },
    async check() {
      checking ??= look().finally(() => {
        checking = null;
      });
      await checking;
    },
  };
}
