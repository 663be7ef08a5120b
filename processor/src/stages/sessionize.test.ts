import { describe, expect, it } from 'vitest';
import { makePipelineEvent, toRow } from '../../test/pipeline-event.ts';
import { createSessionBook } from '../sessions/session-book.ts';
import { createSessionizeStage } from './sessionize.ts';

const noon = Date.UTC(2026, 10, 22, 12);
const minute = 60_000;
const hour = 60 * minute;
const sdkId = '0190aaaa-bbbb-7ccc-8ddd-00000000aaaa';
const otherSdkId = '0190aaaa-bbbb-7ccc-8ddd-00000000bbbb';

type Given = { person?: string; campaign?: string; session?: string };

function open() {
  const stage = createSessionizeStage({ book: createSessionBook({ maxPersons: 3 }), timeoutMs: 30 * minute });
  return (at: number, { person = 'anna', campaign = '', session }: Given = {}): string => {
    const event = makePipelineEvent({
      record: { person_key: person },
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

  it('forgets the person longest unseen when it holds too many', () => {
    const at = open();
    const anna = at(0, { session: sdkId });
    at(1, { person: 'b' });
    at(1, { person: 'c' });
    at(2);
    at(3, { person: 'd' });
    expect(at(4)).toBe(anna);
  });
});
