import { describe, expect, it } from 'vitest';
import type { Bag } from '../ingest/clean-bag.ts';
import { checkSchema } from './check-schema.ts';
import { compileSchema } from './compile-schema.ts';
import { toViolation } from './to-violation.ts';

const plenty = () => ({ stepsLeft: 1e12 });

function check(schema: object, value: Bag) {
  expect(checkSchema(schema)).toBeNull();
  const compiled = compileSchema(schema);
  if (compiled.kind === 'mistake') throw new Error(compiled.message);
  const outcome = compiled.check(value, plenty());
  return outcome === null || outcome === 'too_costly' ? outcome : toViolation(outcome, 'properties', value);
}
const list = <T>(length: number, toItem: (index: number) => T) => Array.from({ length }, (_, index) => toItem(index));

describe('what a check may cost', () => {
  const text = `${'a'.repeat(8_191)}!`;
  it.each<[string, object, Bag, unknown]>([
    [
      'a bomb of an expression',
      { properties: { a: { pattern: '^(a+)+$' } } },
      { a: text },
      { mark: 'properties.a: pattern' },
    ],
    [
      'a bomb for names',
      { properties: { [`${'a'.repeat(199)}!`]: {} }, patternProperties: { '^(a+)+$': { type: 'string' } } },
      { [`${'a'.repeat(199)}!`]: 1 },
      null,
    ],
    [
      'other bombs',
      {
        properties: {
          a: {
            allOf: ['^(a|aa)+$', '^(a|a?)+$', '(.*a){20}$', '^(([a-z])+.)+[A-Z]([a-z])+$'].map((pattern) => ({
              not: { pattern },
            })),
          },
        },
      },
      { a: text },
      null,
    ],
    [
      'an expression that has much to do',
      { properties: { a: { pattern: '(a?){200}a{200}$' } } },
      { a: text },
      'too_costly',
    ],
    [
      'many expressions',
      { properties: { a: { items: { allOf: list(300, (n) => ({ pattern: `a{${n % 20}}[b-z]{0,${n % 9}}.$` })) } } } },
      { a: list(8, () => text) },
      'too_costly',
    ],
    [
      'doubled references for each item',
      { $defs: toDefs(10), properties: { a: { items: { $ref: '#/$defs/d10' } } } },
      { a: list(16_000, () => 'a') },
      'too_costly',
    ],
    [
      'a large enum for each item',
      { properties: { a: { items: { enum: list(9_000, (n) => n) } } } },
      { a: list(16_000, () => 1) },
      'too_costly',
    ],
    [
      'many lengths of long texts',
      { properties: { a: { items: { allOf: list(300, () => ({ minLength: 1 })) } } } },
      { a: list(8, () => text) },
      null,
    ],
    ['many items that differ', { properties: { a: { uniqueItems: true } } }, { a: list(32_000, (n) => n) }, null],
    ['many lists that differ', { properties: { a: { uniqueItems: true } } }, { a: list(10_000, (n) => [n, []]) }, null],
    [
      'what many items contain',
      { properties: { a: { contains: { const: 1 }, minContains: 3 } } },
      { a: list(32_000, () => 0) },
      { mark: 'properties.a: contains' },
    ],
    [
      'as many properties as are taken',
      { properties: Object.fromEntries(list(332, (n) => [`p${n}`, { type: 'string', maxLength: 9 }])) },
      { p331: 1 },
      { path: 'properties.p331' },
    ],
  ])(
    'is bounded for %s',
    (_name, schema, value, outcome) => {
      if (typeof outcome === 'object' && outcome !== null) expect(check(schema, value)).toMatchObject(outcome);
      else expect(check(schema, value)).toBe(outcome);
    },
    20_000,
  );

  it('ends soon once an expression has had its steps, however many follow', () => {
    const patterns = list(3, (n) => ({ anyOf: [{ pattern: `(a?){500}a{49${n}}$` }, { minLength: 0 }] }));
    const startedAt = performance.now();
    expect(check({ properties: { a: { items: { allOf: patterns } } } }, { a: list(8, () => 'a'.repeat(8_192)) })).toBe(
      'too_costly',
    );
    // About three seconds where all of them run.
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });

  it('compiles a part once, however often it is referred to', () => {
    const address = { properties: Object.fromEntries(list(95, (n) => [`p${n}`, { type: 'string' }])) };
    const properties = Object.fromEntries(list(60, (n) => [`a${n}`, { $ref: '#/$defs/address' }]));
    const startedAt = performance.now();
    expect(check({ properties, $defs: { address } }, { a59: { p94: 1 } })).toMatchObject({
      path: 'properties.a59.p94',
    });
    expect(performance.now() - startedAt).toBeLessThan(1_500);
  });

  it('is bounded for all events of a request together', () => {
    const compiled = compileSchema({ properties: { a: { items: { enum: list(1_000, (n) => n) } } } });
    if (compiled.kind === 'mistake') throw new Error(compiled.message);
    const budget = { stepsLeft: 2_500_000 };
    const outcomes = list(3, () => compiled.check({ a: list(1_000, () => 1) }, budget));
    expect(outcomes).toEqual([null, null, 'too_costly']);
    expect(compiled.check({ a: [1] }, budget)).toBeNull();
  });
});

function toDefs(levels: number): object {
  const twice = (n: number) => ({ allOf: list(2, () => ({ $ref: `#/$defs/d${n - 1}` })) });
  return Object.fromEntries(list(levels + 1, (n) => [`d${n}`, n === 0 ? { type: 'string' } : twice(n)]));
}
