import { describe, expect, it } from 'vitest';
import { batchEnvelopeSchema, eventContextSchema, wireEventSchema } from './wire-event-schema.ts';

const id = '019DE368-F600-7ABC-8DEF-0123456789AB';
/** The paths of what is wrong with an event; none where it is right. */
function mistakes(event: unknown): string[] {
  const parsed = wireEventSchema.safeParse(event);
  return parsed.success ? [] : parsed.error.issues.map((issue) => issue.path.join('.'));
}

describe('an event', () => {
  it('needs a name and nothing else', () => {
    expect(wireEventSchema.parse({ event: ' signup ' })).toEqual({ event: 'signup' });
  });

  it('has its ids in lower case, its names trimmed, its unknown keys dropped', () => {
    const event = { event: 'a', event_id: id, session_id: id, user_id: ' u ', anonymous_id: 'A', more: 1 };
    expect(wireEventSchema.parse(event)).toEqual({
      event: 'a',
      event_id: id.toLowerCase(),
      session_id: id.toLowerCase(),
      user_id: 'u',
      anonymous_id: 'A',
    });
  });

  it.each([
    ['a name of 200 characters', { event: 'x'.repeat(200) }],
    ['a UUID of any version', { event: 'a', event_id: '00000000-0000-0000-0000-000000000001' }],
    ['an offset', { event: 'a', timestamp: '2026-05-01T14:00:00.123456+02:00' }],
    ['UTC', { event: 'a', timestamp: '2026-05-01T12:00:00Z' }],
    ['properties of any kind', { event: 'a', properties: { a: [1, { b: null }], '': 'x' } }],
    ['a person id of 200 characters', { event: 'a', user_id: 'x'.repeat(200) }],
  ])('may have %s', (_name, event) => {
    expect(mistakes(event)).toEqual([]);
  });

  it.each<[string, unknown, string]>([
    ['no name', {}, 'event'],
    ['a blank name', { event: ' \n\t ' }, 'event'],
    ['a name of 201 characters', { event: 'x'.repeat(201) }, 'event'],
    ['a name that is no text', { event: 5 }, 'event'],
    ['an id that is no UUID', { event: 'a', event_id: '019de368' }, 'event_id'],
    ['a session that is no UUID', { event: 'a', session_id: 'x' }, 'session_id'],
    ['"yesterday"', { event: 'a', timestamp: 'yesterday' }, 'timestamp'],
    ['a time without an offset', { event: 'a', timestamp: '2026-05-01T12:00:00' }, 'timestamp'],
    ['a time in ms', { event: 'a', timestamp: 1777636800000 }, 'timestamp'],
    ['the 30th of February', { event: 'a', timestamp: '2026-02-30T12:00:00Z' }, 'timestamp'],
    ['an empty person', { event: 'a', anonymous_id: ' ' }, 'anonymous_id'],
    ['a person id of 201 characters', { event: 'a', user_id: 'x'.repeat(201) }, 'user_id'],
    ['a person that is null', { event: 'a', user_id: null }, 'user_id'],
    ['properties that are a list', { event: 'a', properties: [1] }, 'properties'],
    ['traits that are text', { event: 'a', traits: 'x' }, 'traits'],
    ['a context of the wrong shape', { event: 'a', context: { page: { url: 5 } } }, 'context.page.url'],
    ['nothing', null, ''],
    ['a list', [], ''],
    ['text', 'a', ''],
  ])('is refused with %s', (_name, event, path) => {
    expect(mistakes(event)).toEqual([path]);
  });
});

describe('a context', () => {
  it('keeps what has a column, and drops the rest', () => {
    const context = { page: { url: 'u', path: '/', colour: 'red' }, os: 'x', click_ids: { gclid: 'g' }, locale: 'de' };
    expect(eventContextSchema.parse(context)).toEqual({
      page: { url: 'u', path: '/' },
      click_ids: { gclid: 'g' },
      locale: 'de',
    });
  });

  it.each([
    ['a negative size', { screen: { width: -1 } }],
    ['a size beyond reason', { viewport: { height: 1e7 } }],
    ['a size that is no number', { screen: { width: '1920' } }],
    ['consent in words', { consent: { ads: 'yes' } }],
    ['click ids that are no text', { click_ids: { gclid: 1 } }],
    ['a locale of 101 characters', { locale: 'x'.repeat(101) }],
  ])('is refused with %s', (_name, context) => {
    expect(eventContextSchema.safeParse(context).success).toBe(false);
  });
});

describe('a batch', () => {
  it('leaves its events to be parsed one by one', () => {
    const batch = { events: [{}, null, 5], sent_at: '2026-05-01T12:00:00Z', session_id: id, more: 1 };
    expect(batchEnvelopeSchema.parse(batch)).toEqual({
      events: [{}, null, 5],
      sent_at: '2026-05-01T12:00:00Z',
      session_id: id.toLowerCase(),
    });
  });

  it.each([
    ['no events', {}],
    ['events that are no list', { events: { 0: {} } }],
    ['a sending time in words', { events: [], sent_at: 'now' }],
    ['a blank person', { events: [], user_id: '' }],
    ['a key that is no text', { events: [], api_key: 5 }],
  ])('is refused with %s', (_name, batch) => {
    expect(batchEnvelopeSchema.safeParse(batch).success).toBe(false);
  });
});
