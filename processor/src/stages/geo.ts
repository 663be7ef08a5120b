import type { IpPolicy } from '@px-platform/schemas';
import { type CacheCounts, createBoundedCache } from '../bounded-cache.ts';
import type { DatacenterList } from '../datacenter/datacenter-list.ts';
import type { GeoDatabase, GeoPlace } from '../geo/geo-database.ts';
import { isPublicIp, parseIp, truncateIp } from '../geo/ip-address.ts';
import type { Stage } from '../pipeline-event.ts';

/** The geo stage with what its cache of addresses has done. */
export interface GeoStage extends Stage {
  cacheCounts(): CacheCounts;
}

/** What one address gives: its place, its text under each policy, and whether it is a datacentre's. */
interface AddressFacts {
  readonly place: GeoPlace;
  readonly ip: Readonly<Record<IpPolicy, string>>;
  readonly isDatacenter: boolean;
}

const noDatacenters: DatacenterList = { has: () => false, revision: () => 0 };
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
 * address that is private, invalid or not known has no place. Where `datacenters` has the address and nothing else gives a
 * robot away, `bot_signal` is 'datacenter'. What an address gives is kept for the last
 * `maxCachedIps` (10,000), in memory only, and until database or list have another file. Never throws, drops nothing. Source: contract 4.
 */
export function createGeoStage(
  database: GeoDatabase,
  options: { maxCachedIps?: number; datacenters?: DatacenterList | null } = {},
): GeoStage {
  const datacenters = options.datacenters ?? noDatacenters;
  const cache = createBoundedCache<AddressFacts>({ maxEntries: options.maxCachedIps ?? defaultMaxCachedIps });
  let revision = -1;

  function readAddress(text: string): AddressFacts {
    const ip = parseIp(text);
    if (ip === null) return { place: nowhere, ip: { drop: '', truncate: '', keep: '' }, isDatacenter: false };
    const place = isPublicIp(ip) ? database.find(ip.text) : null;
    return {
      place: place ?? nowhere,
      ip: { drop: '', truncate: truncateIp(ip), keep: ip.text },
      isDatacenter: datacenters.has(ip.text),
    };
  }

  return {
    name: 'geo',
    run(event) {
      const newest = database.revision() + datacenters.revision();
      if (revision !== newest) {
        revision = newest;
        cache.clear();
      }
      const { place, ip, isDatacenter } = cache.getOrMake(boundIp(event.record.ip), readAddress);
      event.row.continent = place.continent;
      event.row.country = place.country;
      event.row.region = place.region;
      event.row.city = place.city;
      event.row.geo_timezone = place.timezone;
      event.row.latitude = place.latitude;
      event.row.longitude = place.longitude;
      event.row.ip = ip[event.record.ip_policy];
      if (isDatacenter && event.row.bot_signal === '') event.row.bot_signal = 'datacenter';
      // An imported row's place, as it was looked up when the event came.
      if (event.event.known !== undefined) Object.assign(event.row, event.event.known.place);
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
