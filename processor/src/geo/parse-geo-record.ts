import { findCountry } from './find-country.ts';
import { findRegionTimezone } from './find-region-timezone.ts';
import type { GeoPlace } from './geo-database.ts';

const maxNameLength = 100;

/**
 * Parses a record of an .mmdb; null where it names no country. Reads DB-IP's flat shape (`country_code`,
 * `state1`, `city`, `latitude`) and MaxMind's nested one (`country.iso_code`, `subdivisions[0].names.en`,
 * `city.names.en`, `location.latitude`). DB-IP writes districts into the city, 'Berlin (Mariendorf)': the
 * district is cut, so that a city is one city. The continent is the country's, so that both shapes agree on
 * it; where a record lacks the timezone, as DB-IP City Lite does, it is the region's or the country's. Never throws.
 */
export function parseGeoRecord(record: unknown): GeoPlace | null {
  const flatCountry = toCountry(get(record, 'country_code'));
  if (flatCountry !== '') {
    return toPlace({
      country: flatCountry,
      region: toName(get(record, 'state1')),
      city: toName(get(record, 'city')).replace(/ \(.*$/, ''),
      timezone: get(record, 'timezone'),
      latitude: get(record, 'latitude'),
      longitude: get(record, 'longitude'),
    });
  }
  const country = toCountry(get(get(record, 'country'), 'iso_code'));
  if (country === '') return null;
  const subdivision = get(get(record, 'subdivisions'), '0');
  const location = get(record, 'location');
  return toPlace({
    country,
    region: toName(get(get(subdivision, 'names'), 'en')) || toName(get(subdivision, 'iso_code')),
    city: toName(get(get(get(record, 'city'), 'names'), 'en')),
    timezone: get(location, 'time_zone'),
    latitude: get(location, 'latitude'),
    longitude: get(location, 'longitude'),
  });
}

function toPlace(said: {
  country: string;
  region: string;
  city: string;
  timezone: unknown;
  latitude: unknown;
  longitude: unknown;
}): GeoPlace {
  const { country, region, city } = said;
  const { continent, timezone } = findCountry(country);
  const latitude = toDegrees(said.latitude, 90);
  const longitude = toDegrees(said.longitude, 180);
  // A half of a pair is no point, and 0, 0 is what databases write where they know none.
  const isPoint = latitude !== null && longitude !== null && (latitude !== 0 || longitude !== 0);
  return {
    continent,
    country,
    region,
    city,
    timezone: toTimezone(said.timezone) || findRegionTimezone(country, region) || timezone,
    latitude: isPoint ? latitude : null,
    longitude: isPoint ? longitude : null,
  };
}

function get(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.getOwnPropertyDescriptor(value, key)?.value;
}

function toCountry(value: unknown): string {
  return typeof value === 'string' && /^[A-Z]{2}$/.test(value) && value !== 'ZZ' ? value : '';
}

function toName(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, maxNameLength).toWellFormed() : '';
}

function toTimezone(value: unknown): string {
  return typeof value === 'string' && /^[A-Z][\w+-]{1,30}(?:\/[\w+-]{1,30}){0,2}$/.test(value) ? value : '';
}

function toDegrees(value: unknown, most: number): number | null {
  if (typeof value !== 'number' || !(Math.abs(value) <= most)) return null;
  // Adding 0 makes -0 a 0.
  return Math.round(value * 10) / 10 + 0;
}
