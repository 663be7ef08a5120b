import { eventLimits } from '@px-platform/schemas';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Bag, cleanBag } from './clean-bag.ts';

const parse = (json: string): Bag => JSON.parse(json);

describe('cleanBag', () => {
  it('gives the same object where nothing has to change', () => {
    const bag = { a: 1, b: ['x', { c: null }], d: 'ok 😀' };
    expect(cleanBag(bag, 'properties')).toEqual({ kind: 'bag', bag, cutStrings: 0, removedKeys: 0 });
    const cleaned = cleanBag(bag, 'properties');
    expect(cleaned.kind === 'bag' && cleaned.bag).toBe(bag);
  });

  it('leaves what it was given as it was', () => {
    const bag = parse('{"a":["\\ud800",{"__proto__":{"x":1},"\\u0000":"y"}]}');
    const before = JSON.stringify(bag);
    expect(cleanBag(bag, 'properties')).toEqual({
      kind: 'bag',
      bag: { a: ['\uFFFD', { '\uFFFD': 'y' }] },
      cutStrings: 0,
      removedKeys: 1,
    });
    expect(JSON.stringify(bag)).toBe(before);
  });

  it('counts each string that it cuts, and cuts none in the middle of a character', () => {
    const { maxStringLength } = eventLimits;
    const cleaned = cleanBag({ a: 'x'.repeat(maxStringLength + 1), b: [`${'y'.repeat(maxStringLength - 1)}😀`] }, 'p');
    expect(cleaned).toMatchObject({
      cutStrings: 2,
      bag: { a: 'x'.repeat(maxStringLength), b: ['y'.repeat(maxStringLength - 1)] },
    });
  });

  it('names the place of what it refuses', () => {
    expect(cleanBag(parse('{"a":{"b":[{"c":{"d":{"e":{"f":{"g":0,"h":{}}}}}}]}}'), 'traits')).toMatchObject({
      kind: 'rejected',
      rejection: { code: 'too_deep', path: 'traits.a.b.0.c.d.e.f.h' },
    });
    expect(cleanBag({ a: { ['k'.repeat(201)]: 1 } }, 'properties')).toMatchObject({
      rejection: { code: 'key_too_long', path: `properties.a.${'k'.repeat(50)}` },
    });
  });

  it('ends on lists and objects of any depth', () => {
    let deep: unknown = {};
    for (let level = 0; level < 200_000; level++) deep = level % 2 === 0 ? [deep] : { a: deep };
    expect(cleanBag({ deep }, 'properties')).toMatchObject({ rejection: { code: 'too_deep' } });
  });

  it('gives, of any JSON, only what is bounded and well formed, and the same when asked again', () => {
    const anyText = fc.string({ unit: 'binary', maxLength: 20 });
    fc.assert(
      fc.property(fc.dictionary(anyText, fc.jsonValue({ stringUnit: 'binary', maxDepth: 10 })), (bag) => {
        const cleaned = cleanBag(bag, 'properties');
        if (cleaned.kind === 'rejected') return;
        const json = JSON.stringify(cleaned.bag);
        expect(json.isWellFormed()).toBe(true);
        expect(json).not.toMatch(/\\u0000|\\ud[89a-f]|"__proto__":/);
        expect(cleanBag(cleaned.bag, 'properties')).toMatchObject({ bag: cleaned.bag, cutStrings: 0, removedKeys: 0 });
      }),
    );
  });
});
