import { expect, test } from 'vitest';
import { parseGeoRecord } from './parse-geo-record.ts';

test.each([
  [
    { country_code: 'DE', state1: 'Berlin', city: 'Berlin (Mariendorf)' },
    { country: 'DE', region: 'Berlin', city: 'Berlin' },
  ],
  [{ country_code: 'XK' }, { country: 'XK', region: '', city: '' }],
  [
    {
      country: { iso_code: 'GB' },
      subdivisions: [{ iso_code: 'ENG', names: { en: 'England' } }],
      city: { names: { en: 'Halle (Saale)' } },
    },
    { country: 'GB', region: 'England', city: 'Halle (Saale)' },
  ],
  [
    { country: { iso_code: 'GB' }, subdivisions: [{ iso_code: 'ENG' }] },
    { country: 'GB', region: 'ENG', city: '' },
  ],
  [
    { country: { iso_code: 'JP' }, subdivisions: [] },
    { country: 'JP', region: '', city: '' },
  ],
])('reads %j', (record, place) => {
  expect(parseGeoRecord(record)).toEqual(place);
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
