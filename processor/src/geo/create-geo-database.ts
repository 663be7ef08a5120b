import type { Logger } from '@px-platform/runtime';
import type { GeoDatabase, GeoPlace } from './geo-database.ts';
import { parseIp } from './ip-address.ts';
import type { AddressKind, GeoFile } from './open-geo-file.ts';
import { parseGeoRecord } from './parse-geo-record.ts';

/**
 * Builds a database of places from files in memory, one for each kind of address, which may be the same; null where
 * there is none, and its addresses have no place. Warns once of a file that is damaged inside. Never throws.
 */
export function createGeoDatabase(
  files: Readonly<Record<AddressKind, GeoFile | null>>,
  attribution: string,
  logger: Pick<Logger, 'warn'>,
): GeoDatabase {
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
    revision: () => 0,
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
