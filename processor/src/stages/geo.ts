import type { IpPolicy } from '@px-platform/schemas';
import { type CacheCounts, createBoundedCache } from '../bounded-cache.ts';
import type { GeoDatabase, GeoPlace } from '../geo/geo-database.ts';
import { isPublicIp, parseIp, truncateIp } from '../geo/ip-address.ts';
import type { Stage } from '../pipeline-event.ts';

/** The geo stage with what its cache of addresses has done. */
export interface GeoStage extends Stage {
  cacheCounts(): CacheCounts;
}

/** What one address gives: its place, and its text under each policy. */
interface AddressFacts {
  readonly place: GeoPlace;
  readonly ip: Readonly<Record<IpPolicy, string>>;
}

const defaultMaxCachedIps = 10_000;
const nowhere: GeoPlace = {
  continent: '',
  country: '',
  region: '',
  city: '',
  timezone: '',
  latitude: null,
  longitude: null,
};

/**
 * Fills continent, country, region, city, `geo_timezone` and rounded coordinates from the visitor's address, and
 * `ip` by the project's policy: 'drop' gives '', 'truncate' the /24 of IPv4 or /48 of IPv6, 'keep' the address. An
 * address that is private, invalid or not known has no place. What an address gives is kept for the last
 * `maxCachedIps` (10,000), in memory only, and until the database has another file. Never throws, drops nothing. Source: contract 4.
 */
export function createGeoStage(database: GeoDatabase, options: { maxCachedIps?: number } = {}): GeoStage {
  const cache = createBoundedCache<AddressFacts>({ maxEntries: options.maxCachedIps ?? defaultMaxCachedIps });
  let revision = database.revision();

  function readAddress(text: string): AddressFacts {
    const ip = parseIp(text);
    if (ip === null) return { place: nowhere, ip: { drop: '', truncate: '', keep: '' } };
    const place = isPublicIp(ip) ? database.find(ip.text) : null;
    return { place: place ?? nowhere, ip: { drop: '', truncate: truncateIp(ip), keep: ip.text } };
  }

  return {
    name: 'geo',
    run(event) {
      if (revision !== database.revision()) {
        revision = database.revision();
        cache.clear();
      }
      const { place, ip } = cache.getOrMake(boundIp(event.record.ip), readAddress);
      event.row.continent = place.continent;
      event.row.country = place.country;
      event.row.region = place.region;
      event.row.city = place.city;
      event.row.geo_timezone = place.timezone;
      event.row.latitude = place.latitude;
      event.row.longitude = place.longitude;
      event.row.ip = ip[event.record.ip_policy];
      return event;
    },
    cacheCounts: cache.counts,
  };
}

/** What is longer is no address, and must not fill the cache. */
const maxIpLength = 64;

function boundIp(ip: string): string {
  return ip.length > maxIpLength ? '' : ip;
}
