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

describe('what a check says', () => {
  const item = { type: 'object', properties: { price: { type: 'number' } }, additionalProperties: false };
  it.each<[string, object, Bag, object]>([
    [
      'a type',
      { properties: { price: { type: 'number' } } },
      { price: '9' },
      {
        path: 'properties.price',
        message: 'must be number',
        mark: 'properties.price: type',
      },
    ],
    [
      'what is missing',
      { required: ['price'] },
      {},
      {
        path: 'properties.price',
        message: "must have required property 'price'",
        mark: 'properties.price: required',
      },
    ],
    [
      'what is too much',
      { properties: { items: { items: item } } },
      { items: [{}, { 'a/b': 1 }] },
      {
        path: 'properties.items.1.a/b',
        mark: 'properties.items.*.a/b: additionalProperties',
      },
    ],
    [
      'the place in a list',
      { properties: { items: { items: item } } },
      { items: [{}, { price: null }] },
      {
        path: 'properties.items.1.price',
        mark: 'properties.items.*.price: type',
      },
    ],
    [
      'a key like a place, and signs of pointers',
      { additionalProperties: { type: 'string' } },
      { '0/~': 1 },
      {
        path: 'properties.0/~',
        mark: 'properties.0/~: type',
      },
    ],
    [
      'what would have been right',
      { properties: { plan: { enum: ['free', 'pro'] } } },
      { plan: 'gold' },
      {
        message: 'must be equal to one of the allowed values: ["free","pro"]',
      },
    ],
    [
      'the whole, where no alternative fits',
      { properties: { a: { anyOf: [{ type: 'number' }, { const: 'x' }] } } },
      { a: 'y' },
      {
        path: 'properties.a',
        message: 'must match a schema in anyOf',
        mark: 'properties.a: anyOf',
      },
    ],
    [
      'what a condition asks for',
      JSON.parse('{"if":{"required":["a"]},"then":{"required":["b"]}}'),
      { a: 1 },
      {
        path: 'properties.b',
        mark: 'properties.b: required',
      },
    ],
    [
      'doubles in a list, whatever the order of their keys',
      { properties: { a: { uniqueItems: true } } },
      {
        a: [
          { b: 1, c: [2] },
          { c: [2], b: 1 },
        ],
      },
      {
        path: 'properties.a',
        message: 'must NOT have duplicate items',
        mark: 'properties.a: uniqueItems',
      },
    ],
    [
      'a date that there is none',
      { properties: { a: { format: 'date' } } },
      { a: '2026-02-30' },
      { mark: 'properties.a: format' },
    ],
    [
      'a key of a pattern',
      { patternProperties: { '^n_': { type: 'number' } } },
      { n_a: 'x' },
      { path: 'properties.n_a' },
    ],
  ])('%s', (_name, schema, value, violation) => {
    expect(check(schema, value)).toMatchObject(violation);
  });

  it('each pattern by itself, though a schema has several', () => {
    const schema = {
      properties: { a: { pattern: '^a$' }, b: { pattern: '^b$' } },
      patternProperties: { '^c': { pattern: 'd$' } },
    };
    expect(check(schema, { a: 'a', b: 'b', c: 'cd' })).toBeNull();
    expect(check(schema, { a: 'a', b: 'a' })).toMatchObject({ path: 'properties.b' });
    expect(check(schema, { c: 'c' })).toMatchObject({ path: 'properties.c' });
  });

  it('nothing of items that differ', () => {
    const schema = { properties: { a: { uniqueItems: true } } };
    expect(check(schema, { a: [1, '1', [1], ['1'], { a: 1 }, null, 'null', '[1]'] })).toBeNull();
  });

  it('nothing of what every object has', () => {
    const schema = { properties: { constructor: { type: 'string' }, toString: { type: 'string' } } };
    expect(check(schema, {})).toBeNull();
    expect(check({ required: ['toString'] }, {})).toMatchObject({ path: 'properties.toString' });
  });

  it('in few words, however long a name or an expression is', () => {
    const long = 'ü'.repeat(200);
    const found = check(
      { properties: { [long]: { properties: { [long]: { enum: [long, long + long] } } } } },
      { [long]: { [long]: 1 } },
    );
    if (found === null || found === 'too_costly') throw new Error('it fits');
    expect([found.path.length, found.message.length, found.mark.length]).toEqual([200, 300, 200]);
    expect(found.mark).toMatch(/…: enum$/);
  });

  it('a date, a mail address and all other formats of nasty texts, soon', () => {
    const formats = [
      'date',
      'time',
      'date-time',
      'duration',
      'email',
      'hostname',
      'ipv4',
      'ipv6',
      'uri',
      'uri-reference',
      'uuid',
      'json-pointer',
      'relative-json-pointer',
    ];
    const texts = ['a', 'a.', 'a@', '1', '-', ':', '/', '%', 'a-', '::', '1.', 'P1', '~0', 'http://a/', '[', '@a.'].map(
      (part) => `${part.repeat(8_000).slice(0, 8_000)}!`,
    );
    for (const format of formats) {
      for (const lead of ['', 'a@', 'http://', 'http://[', 'P', '/']) {
        const schema = { properties: { a: { items: { anyOf: [{ format }, { minLength: 0 }] } } } };
        expect(check(schema, { a: texts.map((text) => lead + text) })).toBeNull();
      }
    }
  });
});
