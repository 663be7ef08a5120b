import { expect, test } from 'vitest';
import { maxClickIdLength, maxClickIds, readClickIds } from './click-ids.ts';

const none = new Map<string, string>();

test('puts what the client found before the URL, by lower-case name, ad ids first', () => {
  const ids = readClickIds(
    { fbclid: 'f-own', ScCid: 's1', partner_id: 'p1' },
    new Map([
      ['fbclid', 'f-url'],
      ['gclid', 'g1'],
    ]),
  );
  expect(Object.entries(ids)).toEqual([
    ['gclid', 'g1'],
    ['sccid', 's1'],
    ['fbclid', 'f-own'],
    ['partner_id', 'p1'],
  ]);
});

test('keeps a bounded number of bounded ids', () => {
  const many = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`id${i}`, `${i}`]));
  expect(Object.keys(readClickIds(many, none))).toHaveLength(maxClickIds);
  expect(readClickIds({ gclid: 'x'.repeat(maxClickIdLength + 1), fbclid: '' }, none)).toEqual({});
});

test('takes hostile names for names', () => {
  const ids = readClickIds(JSON.parse('{"__proto__":"x","constructor":"y"}'), none);
  expect(Object.keys(ids)).toEqual(['__proto__', 'constructor']);
  expect(Object.getPrototypeOf(ids)).toBe(Object.prototype);
});
