import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isTooDeep } from './is-too-deep.ts';

const levelsOf = (value: unknown): number =>
  typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(levelsOf)) : 0;

describe('isTooDeep', () => {
  it('counts levels as JSON.parse would, whatever stands in strings', () => {
    const text = fc.string({ unit: fc.constantFrom('[', '{', '"', '\\', ']', 'é') });
    const json = fc.jsonValue({ maxDepth: 6 }).chain((value) => text.map((own) => ({ [own]: [own, value] })));
    fc.assert(
      fc.property(json, (value) => {
        const levels = levelsOf(value);
        const bytes = Buffer.from(JSON.stringify(value));
        expect([isTooDeep(bytes, levels - 1), isTooDeep(bytes, levels)]).toEqual([true, false]);
      }),
    );
  });

  it('reads text that is no JSON to its end', () => {
    for (const text of ['', '"', '"\\', '"\\"', ']]]]', '"a" "']) expect(isTooDeep(Buffer.from(text), 0)).toBe(false);
  });
});
