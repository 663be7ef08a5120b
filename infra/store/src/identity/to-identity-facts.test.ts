import type { EventRow } from '@px-platform/schemas';
import { describe, expect, it } from 'vitest';
import { sampleId, sampleRow } from '../../test/sample-row.ts';
import { toIdentityFacts } from './to-identity-facts.ts';

const origin = { project_id: 'prj_a', at: 5, event_id: sampleId(1), retain_until: '2149-01-01' };
const read = (own: Partial<EventRow>): ReturnType<typeof toIdentityFacts> =>
  toIdentityFacts([sampleRow({ event_id: sampleId(1), timestamp: 5, anonymous_id: 'phone', ...own })]);
const claims = (own: Partial<EventRow>): string[] =>
  read(own).claims.map(({ id, user_id, source }) => `${id} ${user_id} ${source}`);

describe('claims', () => {
  it.each<[string, Partial<EventRow>, string[]]>([
    ['identify', { event: 'identify', user_id: 'anna' }, ['anna anna known', 'phone anna identify']],
    ['identify from a server', { event: 'identify', anonymous_id: '', user_id: 'anna' }, ['anna anna known']],
    ['identify of nobody', { event: 'identify', user_id: '' }, []],
    ['identify of a visitor as itself', { event: 'identify', user_id: 'phone' }, ['phone phone known']],
    ['identify as null', { event: 'identify', user_id: 'null' }, ['phone null blocked']],
    [
      'identify of every visitor at once',
      { event: 'identify', anonymous_id: 'undefined', user_id: 'anna' },
      ['anna anna known', 'undefined anna blocked'],
    ],
    [
      'alias',
      { event: 'alias', user_id: 'anna', properties: { previous_id: ' old ' } },
      ['anna anna known', 'old anna alias', 'anna old alias_back'],
    ],
    ['alias without another id', { event: 'alias', user_id: 'anna' }, ['anna anna known']],
    ['alias of a number', { event: 'alias', user_id: 'anna', properties: { previous_id: 7 } }, ['anna anna known']],
    [
      'alias of an id that is too long',
      { event: 'alias', user_id: 'anna', properties: { previous_id: 'x'.repeat(201) } },
      ['anna anna known'],
    ],
    ['any other event, though it names both', { event: 'purchase', user_id: 'anna' }, []],
  ])('of %s', (_name, own, expected) => {
    expect(claims(own)).toEqual(expected);
  });

  it('bear the event they come from', () => {
    expect(read({ event: 'identify', anonymous_id: '', user_id: 'anna' }).claims).toEqual([
      { ...origin, id: 'anna', user_id: 'anna', source: 'known' },
    ]);
  });
});

describe('changes', () => {
  it('are the traits of an identify, and operators in any event', () => {
    const set = { ...origin, holder: 'person', id: 'phone', operation: 'set', is_unset: 0 };
    expect(read({ event: 'identify', traits: { plan: 'pro', $name: 1 } }).changes).toEqual([
      { ...set, property: 'plan', value: '"pro"' },
      { ...set, property: '$name', value: '1' },
    ]);
    expect(read({ event: 'purchase', properties: { $set_once: { a: null }, $unset: ['b', 5] } }).changes).toEqual([
      { ...set, operation: 'set_once', property: 'a', value: 'null' },
      { ...set, is_unset: 1, property: 'b', value: '' },
    ]);
  });

  it('are none where nobody is named, or an operator is not what it should be', () => {
    expect(read({ event: 'identify', anonymous_id: 'null', user_id: 'NaN', traits: { plan: 'pro' } }).changes).toEqual(
      [],
    );
    expect(read({ properties: { $set: ['a'], $set_once: 'b', $unset: { c: 1 } } }).changes).toEqual([]);
    expect(read({ event: 'purchase', traits: { plan: 'pro' } }).changes).toEqual([]);
  });
});
