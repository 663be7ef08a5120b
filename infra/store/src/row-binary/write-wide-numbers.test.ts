import fc from 'fast-check';
import { expect, it } from 'vitest';
import { writeWideNumbers } from './write-wide-numbers.ts';

it.each([
  [2 ** 63, '9223372036854776000'],
  [2 ** 64 - 2_048, '18446744073709550000'],
  [2 ** 64, '1.8446744073709552e+19'],
  [1e20, '1e+20'],
  [-(2 ** 63) + 1_024, '-9223372036854775000'],
  [-(2 ** 63), '-9.223372036854776e+18'],
  [-1e20, '-1e+20'],
  [1e21, '1e+21'],
  [2 ** 53, '9007199254740992'],
])('%d is written %s', (number, written) => {
  expect(writeWideNumbers(JSON.stringify({ a: [number, -1] }))).toBe(`{"a":[${written},-1]}`);
});

it('leaves digits in texts and keys alone, whatever stands before them', () => {
  const digits = '9'.repeat(30);
  for (const text of [digits, `"${digits}`, `\\${digits}`, `\\"${digits}\\\\`, `:${digits},`]) {
    const bag = { [text]: text, n: 1 };
    expect(writeWideNumbers(JSON.stringify(bag))).toBe(JSON.stringify(bag));
  }
});

it('changes no value', () => {
  const wide = fc.double({ min: -1e22, max: 1e22, noNaN: true }).map(Math.trunc);
  const texts = fc.oneof(fc.string(), fc.constantFrom('9'.repeat(25), `"\\${'1'.repeat(20)}`));
  const value = fc.oneof(wide, fc.double({ noNaN: true, noDefaultInfinity: true }), texts);
  fc.assert(
    fc.property(fc.dictionary(texts, fc.array(value)), (bag) => {
      const json = JSON.stringify(bag);
      expect(JSON.parse(writeWideNumbers(json))).toEqual(JSON.parse(json));
    }),
  );
});
