import { expect, test } from 'vitest';
import { findCountry } from './find-country.ts';
import { findRegionTimezone } from './find-region-timezone.ts';

const codes = Array.from({ length: 26 * 26 }, (_, at) =>
  String.fromCharCode(65 + Math.floor(at / 26), 65 + (at % 26)),
).filter((code) => findCountry(code).continent !== '');

test('knows the continent of each country, and no other', () => {
  const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
  expect(codes.length).toBe(250);
  expect(codes.filter((code) => names.of(code) === undefined)).toEqual([]);
  expect(new Set(codes.map((code) => findCountry(code).continent))).toEqual(
    new Set(['AF', 'AN', 'AS', 'EU', 'NA', 'OC', 'SA']),
  );
  expect(findCountry('ZZ')).toEqual({ continent: '', timezone: '' });
  expect(findCountry('constructor')).toEqual({ continent: '', timezone: '' });
});

test('names timezones that there are', () => {
  const zones = codes.map((code) => findCountry(code).timezone).filter((zone) => zone !== '');
  const regions = ['Florida', 'Texas', 'California', 'Hawaii'].map((region) => findRegionTimezone('US', region));
  expect(zones.length).toBeGreaterThan(220);
  for (const timeZone of [...zones, ...regions]) {
    expect(new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone).not.toBe('');
  }
});

test('says nothing of a country with several, nor of a region that is not known', () => {
  expect(['US', 'RU', 'BR', 'ID'].map((code) => findCountry(code).timezone)).toEqual(['', '', '', '']);
  expect(findRegionTimezone('US', '')).toBe('');
  expect(findRegionTimezone('GB', 'Texas')).toBe('');
});
