import { eventLimits } from '@px-platform/schemas/limits';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { joinBags, toBagText } from './json-text.ts';

const toPlainJson = (value: unknown): Record<string, unknown> => JSON.parse(toBagText(value));

test('copies what JSON can say', () => {
  const given = { text: 'a', number: 1.5, yes: true, nothing: null, list: [1, [2]], inner: { at: new Date(0) } };
  expect(toPlainJson(given)).toEqual({ ...given, inner: { at: '1970-01-01T00:00:00.000Z' } });
});

test('leaves out or words what JSON cannot say', () => {
  const circular: Record<string, unknown> = { kept: 1 };
  circular['self'] = circular;
  const element = { nodeType: 1, nodeName: 'INPUT', ownerDocument: {}, value: 'secret' };
  const hostile = {
    get bad() {
      throw new Error('no');
    },
    good: 1,
  };
  const proxy = new Proxy(
    {},
    {
      ownKeys: () => {
        throw new Error('no');
      },
    },
  );
  const given = {
    circular,
    element,
    hostile,
    proxy,
    big: 10n,
    run: () => {},
    symbol: Symbol('s'),
    gone: undefined,
    infinite: Number.POSITIVE_INFINITY,
    error: new TypeError('broken'),
    invalid: new Date(Number.NaN),
  };
  expect(toPlainJson(given)).toEqual({
    circular: { kept: 1 },
    hostile: { good: 1 },
    big: '10',
    infinite: null,
    error: 'TypeError: broken',
    invalid: null,
  });
});

test('gives an empty object for what is none', () => {
  for (const given of [undefined, null, 'text', 3, [1], () => {}]) expect(toPlainJson(given)).toEqual({});
});

test('keeps two uses of one object that is no cycle', () => {
  const shared = { a: 1 };
  expect(toPlainJson({ one: shared, two: shared })).toEqual({ one: { a: 1 }, two: { a: 1 } });
});

test('writes -0 as 0, as JSON does', () => {
  expect(toPlainJson({ zero: -0 })).toEqual({ zero: 0 });
});

test('a __proto__ key is a key like others', () => {
  const text = '{"__proto__":{"polluted":true},"a":1}';
  expect(toBagText(JSON.parse(text))).toBe(text);
});

test('cuts depth, keys, key length and strings where the server would refuse them', () => {
  let deep: Record<string, unknown> = {};
  for (let level = 0; level < 20; level += 1) deep = { deep };
  expect(depthOf(toPlainJson(deep))).toBe(eventLimits.maxDepth);
  const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`k${index}`, { inner: index }]));
  expect(keysOf(toPlainJson(many))).toBe(eventLimits.maxPropertyKeys);
  expect(toPlainJson({ ['k'.repeat(201)]: 1, long: 'x'.repeat(9_000) })['long']).toHaveLength(
    eventLimits.maxStringLength,
  );
});

test('leans on nothing that a page redefines', () => {
  const list = [1, ['a"\\\n\u2028']];
  Object.defineProperty(Array.prototype, 'toJSON', { value: () => 'broken', configurable: true });
  const text = toBagText({ list });
  Reflect.deleteProperty(Array.prototype, 'toJSON');
  expect(JSON.parse(text)).toEqual({ list });
});

test('joins two objects, the second over the first', () => {
  expect(JSON.parse(joinBags('{"a":1,"b":1}', '{"b":2}'))).toEqual({ a: 1, b: 2 });
  expect([joinBags('', '{}'), joinBags('{"a":1}', '{}'), joinBags('{}', '{"a":1}')]).toEqual([
    '{}',
    '{"a":1}',
    '{"a":1}',
  ]);
});

test('holds the bounds and survives JSON for anything', () => {
  fc.assert(
    fc.property(fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true }), (value) => {
      const copy = toPlainJson({ value });
      expect(JSON.parse(JSON.stringify(copy))).toEqual(copy);
      expect(depthOf(copy)).toBeLessThanOrEqual(eventLimits.maxDepth);
      expect(keysOf(copy)).toBeLessThanOrEqual(eventLimits.maxPropertyKeys);
    }),
  );
});

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

function keysOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const own = Array.isArray(value) ? 0 : Object.keys(value).length;
  return Object.values(value).reduce((sum: number, inner) => sum + keysOf(inner), own);
}
