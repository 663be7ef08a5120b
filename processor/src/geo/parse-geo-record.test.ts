import { expect, test } from 'vitest';
import { parseGeoRecord } from './parse-geo-record.ts';

const half = { timezone: '', latitude: null, longitude: null };

test.each([
  [
    { country_code: 'DE', state1: 'Berlin', city: 'Berlin (Mariendorf)', latitude: 52.4406, longitude: 13.3811 },
    {
      continent: 'EU',
      country: 'DE',
      region: 'Berlin',
      city: 'Berlin',
      timezone: 'Europe/Berlin',
      latitude: 52.4,
      longitude: 13.4,
    },
  ],
  [
    { country_code: 'US', state1: 'Texas', timezone: '' },
    { ...half, continent: 'NA', country: 'US', region: 'Texas', city: '', timezone: 'America/Chicago' },
  ],
  [
    { country_code: 'BR', state1: 'São Paulo' },
    { ...half, continent: 'SA', country: 'BR', region: 'São Paulo', city: '', timezone: 'America/Sao_Paulo' },
  ],
  [{ country_code: 'RU' }, { ...half, continent: 'EU', country: 'RU', region: '', city: '' }],
  [
    { country_code: 'XK' },
    { ...half, continent: 'EU', country: 'XK', region: '', city: '', timezone: 'Europe/Belgrade' },
  ],
  [
    {
      country: { iso_code: 'GB' },
      subdivisions: [{ iso_code: 'ENG', names: { en: 'England' } }],
      city: { names: { en: 'Halle (Saale)' } },
      location: { latitude: 51.5142, longitude: -0.0431, time_zone: 'Europe/London' },
    },
    {
      continent: 'EU',
      country: 'GB',
      region: 'England',
      city: 'Halle (Saale)',
      timezone: 'Europe/London',
      latitude: 51.5,
      longitude: 0,
    },
  ],
  [
    { country: { iso_code: 'US' }, subdivisions: [{ iso_code: 'AZ' }], location: { time_zone: 'America/Phoenix' } },
    { ...half, continent: 'NA', country: 'US', region: 'AZ', city: '', timezone: 'America/Phoenix' },
  ],
  [
    { country: { iso_code: 'JP' }, subdivisions: [], location: { time_zone: '<script>' } },
    { ...half, continent: 'AS', country: 'JP', region: '', city: '', timezone: 'Asia/Tokyo' },
  ],
])('reads %j', (record, place) => {
  expect(parseGeoRecord(record)).toEqual(place);
});

test.each([
  [0, 0],
  [91, 10],
  [10, 181],
  [Number.NaN, 10],
  [Number.POSITIVE_INFINITY, 10],
  ['52.4', 13.4],
  [52.4, undefined],
])('takes %j, %j for no point', (latitude, longitude) => {
  expect(parseGeoRecord({ country_code: 'DE', latitude, longitude })).toMatchObject({
    country: 'DE',
    latitude: null,
    longitude: null,
  });
});

test.each([
  null,
  undefined,
  7,
  'GB',
  [],
  {},
  { country_code: 7 },
  { country_code: 'ZZ' },
  { country: null },
  { country_code: 'gb' },
])('finds no place in %j', (record) => {
  expect(parseGeoRecord(record)).toBeNull();
});
