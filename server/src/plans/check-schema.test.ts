import { describe, expect, it } from 'vitest';
import { checkSchema } from './check-schema.ts';

/** Small schemas that lead to each other twice: what the last one means grows as a power of two. */
function toDoubling(levels: number): Record<string, unknown> {
  const $defs: Record<string, unknown> = { d0: { type: 'string' } };
  for (let level = 1; level <= levels; level++) {
    const below = { $ref: `#/$defs/d${level - 1}` };
    $defs[`d${level}`] = { allOf: [below, below] };
  }
  return { $defs, $ref: `#/$defs/d${levels}` };
}
const nested = (levels: number) => JSON.parse(`${'{"not":'.repeat(levels)}{}${'}'.repeat(levels)}`);

describe('checkSchema', () => {
  it.each<[string, object]>([
    ['that says nothing', {}],
    [
      'of a newer draft by name',
      { $schema: 'https://json-schema.org/draft/2020-12/schema', $id: 'https://acme.com/order' },
    ],
    [
      'of an order',
      {
        title: 'Order Completed',
        type: 'object',
        required: ['order_id', 'total'],
        properties: {
          order_id: { type: 'string', pattern: '^ord_[0-9a-z]{10}$', description: 'ours' },
          total: { type: 'number', minimum: 0, multipleOf: 0.01 },
          currency: { enum: ['EUR', 'USD'], default: 'EUR' },
          mail: { type: ['string', 'null'], format: 'email' },
          items: { type: 'array', minItems: 1, uniqueItems: true, items: { $ref: '#/$defs/item' } },
        },
        patternProperties: { '^x_': true },
        additionalProperties: false,
        $defs: { item: { type: 'object', required: ['sku'], properties: { sku: { type: 'string' } } } },
      },
    ],
    [
      'whose properties are called like keywords',
      { properties: { $ref: {}, uniqueItems: {}, $id: { type: 'string' } } },
    ],
    ['that compares with values like schemas', { enum: [{ $ref: 'https://evil.example' }, { $id: 1 }] }],
    ['of references that double a few times', toDoubling(8)],
    [
      'of alternatives by if',
      JSON.parse('{"if":{"required":["a"]},"then":{"required":["b"]},"else":{"required":["c"]}}'),
    ],
    ['with a reference into a list', { allOf: [{ type: 'object' }], not: { $ref: '#/allOf/0' } }],
  ])('takes one %s', (_name, schema) => {
    expect(checkSchema(schema)).toBeNull();
  });

  it.each<[string, unknown, string, RegExp]>([
    ['is no object', [], '', /no JSON Schema/],
    ['is null', null, '', /no JSON Schema/],
    ['names another draft', { $schema: 'http://json-schema.org/draft-07/schema#' }, '/$schema', /2020-12/],
    ['has an unknown type', { properties: { a: { type: 'strnig' } } }, '/properties/a/type', /allowed values/],
    ['has a keyword of another type', { minLength: 'x' }, '/minLength', /integer/],
    ['has properties that are a list', { properties: [] }, '/properties', /no object/],
    ['has a part that is no schema', { properties: { 'a/b': 'string' } }, '/properties/a~1b', /no schema/],
    [
      'has a keyword that nobody knows',
      { properties: { a: { requird: true } } },
      '/properties/a/requird',
      /no keyword/,
    ],
    ['has one in a definition that nothing leads to', { $defs: { a: { foo: 1 } } }, '/$defs/a/foo', /no keyword/],
    ['has an unknown format', { format: 'credit-card' }, '/format', /none of the formats/],
    ['has a format with an expression of its own', { format: 'regex' }, '/format', /none of the formats/],
    ['is larger than 64 KiB', { description: 'x'.repeat(65_536) }, '', /at most 65536 bytes/],
    ['is deeper than 32 levels', nested(40), '/not'.repeat(32), /deeper than 32/],
    ['is much deeper', nested(9_000), '/not'.repeat(32), /deeper than 32/],
    ['holds values that are deeper', { const: JSON.parse('['.repeat(9_000) + ']'.repeat(9_000)) }, '/const', /deeper/],
    [
      'has more properties than are compiled',
      { properties: Object.fromEntries(Array.from({ length: 600 }, (_, n) => [`p${n}`, { type: 'string' }])) },
      '/properties/p499',
      /1000 schemas and keywords/,
    ],
    ['doubles forty times', toDoubling(40), '/$defs/d12', /20000 parts/],
    ['leads back to itself', { $ref: '#' }, '/$ref', /back to itself/],
    [
      'leads back to itself twice',
      { anyOf: [{ items: { $ref: '#' } }, { items: { $ref: '#' } }] },
      '/anyOf/0/items/$ref',
      /back to itself/,
    ],
    [
      'leads back by another spelling',
      { $defs: { a: { not: { $ref: '#/%24defs/a' } } } },
      '/$defs/a/not/$ref',
      /back to itself/,
    ],
    ['leads to nothing', { $ref: '#/$defs/none' }, '/$ref', /leads to nothing/],
    ['leads to an anchor', { $ref: '#price' }, '/$ref', /leads to nothing/],
    ['leads to the prototype of things', { $ref: '#/constructor' }, '/$ref', /leads to nothing/],
    ['leads to a file', { $ref: 'file:///etc/passwd' }, '/$ref', /leads out/],
    ['leads to another site', { $ref: 'http://127.0.0.1:1/schema.json' }, '/$ref', /leads out/],
    ['leads to the schema of schemas', { $ref: 'https://json-schema.org/draft/2020-12/schema' }, '/$ref', /leads out/],
    ['renames a part of itself', { properties: { a: { $id: 'other' } } }, '/properties/a/$id', /no keyword/],
    ['leads on dynamically', { $dynamicRef: '#meta' }, '/$dynamicRef', /no keyword/],
    ['has a pattern that is none', { pattern: '(' }, '/pattern', /missing closing/],
    ['looks ahead', { pattern: '^(?=a)' }, '/pattern', /RE2/],
    ['looks back', { patternProperties: { '(?<=a)b': true } }, '/patternProperties/(?<=a)b', /RE2/],
    ['refers to a group', { pattern: '(a)\\1' }, '/pattern', /RE2/],
    ['repeats a pattern too often', { pattern: 'a{1000}'.repeat(60) }, '/pattern', /too large/],
    ['repeats repetitions', { pattern: '((a{100}){100}){100}' }, '/pattern', /invalid repeat count/],
    ['has a pattern of 501 characters', { pattern: 'a'.repeat(501) }, '/pattern', /500 characters/],
    [
      'has too many patterns',
      { allOf: Array.from({ length: 12 }, () => ({ pattern: '[a-z]{900}' })) },
      '/allOf/11/pattern',
      /one pattern too many/,
    ],
  ])('refuses one that %s', (_name, schema, path, message) => {
    expect(checkSchema(schema)).toMatchObject({ path, message: expect.stringMatching(message) });
  });

  it('keeps nothing of a schema that another could meet', () => {
    const named = (type: string) => ({ $id: 'https://acme.com/order', $defs: { a: { type } }, $ref: '#/$defs/a' });
    expect([checkSchema(named('object')), checkSchema(named('array')), checkSchema(named('object'))]).toEqual([
      null,
      null,
      null,
    ]);
  });
});
