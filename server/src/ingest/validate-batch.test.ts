import { describe, expect, it } from 'vitest';
import { validateBatch } from './validate-batch.ts';

const rules = {
  defaults: {},
  isSizeChecked: false,
  newId: () => '019a0000-0000-7000-8000-000000000009',
  checkPlan: null,
};
const id = '019A0000-0000-7000-8000-000000000001';

describe('validateBatch', () => {
  it('keeps order, gives ids, and takes no event down with another', () => {
    const validated = validateBatch(
      [
        { event: 'a', anonymous_id: 'p' },
        null,
        { event: 'b', user_id: 'u', event_id: id },
        { event: 'c', event_id: id },
      ],
      rules,
    );
    expect(validated.accepted).toEqual([
      { event: 'a', anonymous_id: 'p', event_id: rules.newId() },
      { event: 'b', user_id: 'u', event_id: id.toLowerCase() },
    ]);
    expect(validated.rejectedCodes).toEqual(['invalid_event', 'missing_person']);
    expect(validated.results).toMatchObject([
      { index: 0, status: 'accepted', event_id: rules.newId() },
      { index: 1, status: 'rejected', event_id: null },
      { index: 2, status: 'accepted', event_id: id.toLowerCase() },
      { index: 3, status: 'rejected', event_id: id.toLowerCase(), error: { code: 'missing_person' } },
    ]);
  });

  it("resolves the person against the batch, the event's own first", () => {
    const defaults = { anonymous_id: 'batch', user_id: 'batch-user' };
    const { accepted } = validateBatch([{ event: 'a' }, { event: 'b', anonymous_id: 'own' }], { ...rules, defaults });
    expect(accepted).toMatchObject([
      { anonymous_id: 'batch', user_id: 'batch-user' },
      { anonymous_id: 'own', user_id: 'batch-user' },
    ]);
  });

  it.each([
    [{ event: 'x', anonymous_id: 'a', event_id: 'no' }, 'invalid_event_id', 'event_id'],
    [{ event: 'x', anonymous_id: 'a', timestamp: 'yesterday' }, 'invalid_timestamp', 'timestamp'],
    [{ event: 'x', anonymous_id: 'a', session_id: 's' }, 'invalid_event', 'session_id'],
    [
      { event: 'x', anonymous_id: 'a', context: { screen: { width: 'wide' } } },
      'invalid_event',
      'context.screen.width',
    ],
    [{ event: 'x', anonymous_id: 'a', traits: 'x' }, 'invalid_event', 'traits'],
    [{ anonymous_id: 'a' }, 'invalid_event', 'event'],
  ])('says what is wrong with %j, and where', (event, code, path) => {
    expect(validateBatch([event], rules).results).toMatchObject([{ error: { code, path } }]);
  });

  it('drops fields that it does not know', () => {
    const { accepted } = validateBatch([{ event: 'x', anonymous_id: 'a', api_key: 'k', foo: { bar: 1 } }], rules);
    expect(accepted).toEqual([{ event: 'x', anonymous_id: 'a', event_id: rules.newId() }]);
  });

  it('sums up what was changed', () => {
    const events = [
      { event: 'x', anonymous_id: 'a', properties: { long: 'x'.repeat(9_000) } },
      JSON.parse('{"event":"x","anonymous_id":"a","traits":{"__proto__":1}}'),
    ];
    expect(validateBatch(events, rules)).toMatchObject({ cutStrings: 1, removedKeys: 1 });
  });
});
