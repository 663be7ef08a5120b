import { describe, expect, it } from 'vitest';
import { makePipelineEvent, toRow } from '../../test/pipeline-event.ts';
import { toUuidV7 } from '../../test/session-histories.ts';
import { createSessionBook } from '../sessions/session-book.ts';
import { createSessionizeStage } from './sessionize.ts';

const noon = Date.UTC(2026, 10, 22, 12);
const minute = 60_000;
const hour = 60 * minute;
const sdkId = toUuidV7(noon, 1);
const otherSdkId = toUuidV7(noon + 20 * minute, 2);

type Given = { person?: string; campaign?: string; session?: string; receivedAt?: number };

function open(maxSessions = 100) {
  const stage = createSessionizeStage({ book: createSessionBook({ maxSessions }), timeoutMs: 30 * minute });
  return (at: number, { person = 'anna', campaign = '', session, receivedAt }: Given = {}): string => {
    const event = makePipelineEvent({
      record: { person_key: person, ...(receivedAt === undefined ? {} : { received_at: receivedAt }) },
      event: session === undefined ? {} : { session_id: session },
    });
    event.timestamp = noon + at;
    event.row.utm_campaign = campaign;
    return toRow(stage.run(event)).session_id;
  };
}

describe('sessionize', () => {
  it('keeps a session while events come within 30 minutes', () => {
    const at = open();
    const first = at(0);
    expect(first).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-/);
    expect(at(30 * minute)).toBe(first);
    expect(at(60 * minute)).toBe(first);
    expect(at(90 * minute + 1)).not.toBe(first);
  });

  it('ends a session at 24 hours, however busy it is', () => {
    const at = open();
    const first = at(0);
    for (let passed = 20 * minute; passed <= 24 * hour; passed += 20 * minute) expect(at(passed)).toBe(first);
    expect(at(24 * hour + 1)).not.toBe(first);
  });

  it('starts a session at a new campaign, and not again at the same', () => {
    const at = open();
    const first = at(0);
    const second = at(minute, { campaign: 'autumn' });
    expect(second).not.toBe(first);
    expect(at(2 * minute, { campaign: 'autumn' })).toBe(second);
    expect(at(3 * minute)).toBe(second);
    expect(at(4 * minute, { campaign: 'winter' })).not.toBe(second);
  });

  it('tells persons apart', () => {
    const at = open();
    expect(at(0, { person: 'anna' })).not.toBe(at(0, { person: 'berta' }));
  });

  it('puts an event that comes late into the session it falls into', () => {
    const at = open();
    const morning = at(0);
    const evening = at(8 * hour);
    expect(at(10 * minute)).toBe(morning);
    expect(at(-20 * minute)).toBe(morning);
    expect(at(8 * hour - 10 * minute)).toBe(evening);
  });

  it('keeps the id that the client gives, and lets events without one join it', () => {
    const at = open();
    expect(at(0, { session: sdkId })).toBe(sdkId);
    expect(at(10 * minute)).toBe(sdkId);
    expect(at(20 * minute, { session: otherSdkId })).toBe(otherSdkId);
    expect(at(5 * hour, { session: otherSdkId })).toBe(otherSdkId);
  });

  it('does not keep a client id for more than 24 hours', () => {
    const at = open();
    at(0, { session: sdkId });
    const later = at(24 * hour + 1, { session: sdkId });
    expect(later).not.toBe(sdkId);
    expect(at(24 * hour + minute, { session: sdkId })).toBe(later);
  });

  it('gives a replay the same ids', () => {
    const history: [number, Given][] = [
      [0, {}],
      [40 * minute, {}],
      [41 * minute, { campaign: 'x' }],
      [5 * hour, { session: sdkId }],
      [10 * minute, {}],
    ];
    const [first, again] = [open(), open()];
    expect(history.map(([at, given]) => first(at, given))).toEqual(history.map(([at, given]) => again(at, given)));
  });

  it('starts a session at each change of campaign, back to the first one too', () => {
    const at = open();
    const ids = [at(0, { campaign: 'x' }), at(minute, { campaign: 'y' }), at(2 * minute, { campaign: 'x' })];
    expect(new Set(ids).size).toBe(3);
    expect(at(3 * minute)).toBe(ids[2]);
  });

  it('starts two sessions where two campaigns come in one millisecond', () => {
    const at = open();
    expect(at(0, { campaign: 'x' })).not.toBe(at(0, { campaign: 'y' }));
  });

  it('leaves what happened before a campaign, but came after it, in the session before', () => {
    const at = open();
    const first = at(0);
    const second = at(10 * minute, { campaign: 'x' });
    expect(at(9 * minute)).toBe(first);
    expect(at(8 * minute, { campaign: 'x' })).toBe(second);
  });

  it('joins no two sessions that are stored already, when what lay between them comes late', () => {
    const at = open();
    const [first, second] = [at(0), at(40 * minute)];
    expect(at(20 * minute)).toBe(first);
    expect(second).not.toBe(first);
    expect(at(35 * minute)).toBe(first);
    expect(at(41 * minute)).toBe(second);
  });

  it('goes by instants alone: over midnight and over a change of clocks', () => {
    for (const night of [Date.UTC(2026, 10, 22, 23, 50), Date.UTC(2026, 9, 25, 0, 50), Date.UTC(2026, 2, 29, 0, 50)]) {
      const at = open();
      const before = at(night - noon);
      expect(at(night - noon + 20 * minute)).toBe(before);
      expect(at(night - noon + 51 * minute)).not.toBe(before);
    }
  });

  it.each([
    ['the nil UUID', '00000000-0000-0000-0000-000000000000'],
    ['the max UUID', 'ffffffff-ffff-ffff-ffff-ffffffffffff'],
    ['a UUIDv7 of two days before', toUuidV7(noon - 48 * hour, 1)],
    ['a UUIDv7 of years ahead', toUuidV7(noon + 50_000 * hour, 1)],
  ])('takes no session from a client that gives %s', (_name, session) => {
    const at = open();
    const first = at(0, { session });
    expect(first).not.toBe(session);
    expect(at(10 * minute)).toBe(first);
    expect(at(3 * hour, { session })).not.toBe(first);
  });

  it('measures the age of an id by the clock of the client that made it, years off', () => {
    const stage = createSessionizeStage({ book: createSessionBook({ maxSessions: 100 }), timeoutMs: 30 * minute });
    const session = toUuidV7(noon - 50_000 * hour, 1);
    const made = new Date(noon - 50_000 * hour + minute).toISOString();
    const event = makePipelineEvent({ event: { session_id: session, timestamp: made } });
    event.timestamp = noon;
    expect(toRow(stage.run(event)).session_id).toBe(session);
  });

  it('keeps apart what different persons do under one id', () => {
    const at = open();
    expect(at(0, { session: sdkId })).toBe(sdkId);
    expect(at(23 * hour, { session: sdkId, person: 'berta' })).toBe(sdkId);
    expect(at(23.9 * hour, { session: sdkId })).toBe(sdkId);
    expect(at(24 * hour + 1, { session: sdkId })).not.toBe(sdkId);
    expect(at(24 * hour + 1, { session: sdkId, person: 'berta' })).toBe(sdkId);
  });

  it('knows what it received today and yesterday (UTC), and nothing before', () => {
    const at = open();
    const first = at(0, { receivedAt: noon });
    expect(at(20 * minute, { receivedAt: noon + 35.9 * hour })).toBe(first);
    const [, next] = [at(0, { person: 'berta', receivedAt: noon }), noon + 36 * hour];
    expect(at(20 * minute, { person: 'berta', receivedAt: next })).not.toBe(
      at(0, { person: 'berta', receivedAt: noon }),
    );
    expect(at(45 * minute, { receivedAt: next })).toBe(first);
  });

  it('keeps 64 sessions of a person who names another with each event, and those of others', () => {
    const book = createSessionBook({ maxSessions: 1_000 });
    const stage = createSessionizeStage({ book, timeoutMs: 30 * minute });
    for (let number = 0; number < 5_000; number += 1) {
      const event = makePipelineEvent({ event: { session_id: toUuidV7(noon, number) } });
      event.timestamp = noon + number;
      stage.run(event);
    }
    expect(book.sessions).toBe(64);
    for (let person = 0; person < 5_000; person += 1) {
      stage.run(makePipelineEvent({ record: { person_key: `person-${person}` }, event: { session_id: sdkId } }));
    }
    expect(book).toMatchObject({ sessions: 1_000, persons: 1_000 });
  });

  it('forgets the person longest unseen when it holds too many', () => {
    const at = open(3);
    const anna = at(0, { session: sdkId });
    at(1, { person: 'b' });
    at(1, { person: 'c' });
    at(2);
    at(3, { person: 'd' });
    expect(at(4)).toBe(anna);
  });
});
