import type { GeoPlace } from './geo-database.ts';

const maxNameLength = 100;

/**
 * Parses a record of an .mmdb; null where it names no country. Reads DB-IP's flat shape (`country_code`,
 * `state1`, `city`) and MaxMind's nested one (`country.iso_code`, `subdivisions[0].names.en`,
 * `city.names.en`). DB-IP writes districts into the city, 'Berlin (Mariendorf)': the district is cut, so
 * that a city is one city. Never throws.
 */
export function parseGeoRecord(record: unknown): GeoPlace | null {
  const flatCountry = toCountry(get(record, 'country_code'));
  if (flatCountry !== '') {
    return {
      country: flatCountry,
      region: toName(get(record, 'state1')),
      city: toName(get(record, 'city')).replace(/ \(.*$/, ''),
    };
  }
  const country = toCountry(get(get(record, 'country'), 'iso_code'));
  if (country === '') return null;
  const subdivision = get(get(record, 'subdivisions'), '0');
  return {
    country,
    region: toName(get(get(subdivision, 'names'), 'en')) || toName(get(subdivision, 'iso_code')),
    city: toName(get(get(get(record, 'city'), 'names'), 'en')),
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
  return typeof value === 'string' ? value.slice(0, maxNameLength) : '';
}
