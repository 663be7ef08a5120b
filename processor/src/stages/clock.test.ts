import { describe, expect, it } from 'vitest';
import { makePipelineEvent, toRow } from '../../test/pipeline-event.ts';
import { createClockStage } from './clock.ts';

const noon = Date.UTC(2026, 10, 22, 12);
const minute = 60_000;
const day = 24 * 60 * minute;
const iso = (at: number): string => new Date(at).toISOString();

function run(given: { timestamp?: string; sentAt?: number; eventId?: string }) {
  const event = makePipelineEvent({
    record: { received_at: noon, sent_at: given.sentAt ?? null },
    event: {
      ...(given.timestamp === undefined ? {} : { timestamp: given.timestamp }),
      ...(given.eventId === undefined ? {} : { event_id: given.eventId }),
    },
  });
  const row = toRow(createClockStage().run(event));
  return { event, row };
}

describe('clock', () => {
  it('takes the received time where the client gives none', () => {
    expect(run({}).row.timestamp).toBe(noon);
  });

  it('leaves a time alone while the clock error is at most 5 s', () => {
    const { row } = run({ timestamp: iso(noon - 60_000), sentAt: noon - 5_000 });
    expect([row.timestamp, row.clock_error_ms]).toEqual([noon - 60_000, 0]);
  });

  it('corrects a clock that is wrong by more, either way', () => {
    const slow = run({ timestamp: iso(noon - 3 * minute), sentAt: noon - 2 * minute }).row;
    expect([slow.timestamp, slow.clock_error_ms]).toEqual([noon - minute, 2 * minute]);
    const fast = run({ timestamp: iso(noon + day - minute), sentAt: noon + day }).row;
    expect([fast.timestamp, fast.clock_error_ms]).toEqual([noon - minute, -day]);
  });

  it('sets a time over a minute ahead to the received time', () => {
    expect(run({ timestamp: iso(noon + minute) }).row.timestamp).toBe(noon + minute);
    expect(run({ timestamp: iso(noon + minute + 1) }).row.timestamp).toBe(noon);
    expect(run({ timestamp: '2100-01-01T00:00:00Z' }).row.timestamp).toBe(noon);
  });

  it('keeps a time over 7 days back and flags it late', () => {
    const edge = run({ timestamp: iso(noon - 7 * day) }).row;
    expect([edge.timestamp, edge.is_late]).toEqual([noon - 7 * day, false]);
    const late = run({ timestamp: iso(noon - 7 * day - 1) }).row;
    expect([late.timestamp, late.is_late]).toEqual([noon - 7 * day - 1, true]);
    expect(run({ timestamp: '1970-01-01T00:00:00Z' }).row).toMatchObject({ timestamp: 0, is_late: true });
  });

  it('gives a resend the same day, whatever its clock error', () => {
    const timestamp = '2026-11-20T23:59:59.900+00:00';
    const first = run({ timestamp, sentAt: Date.parse(timestamp) + 10 }).row;
    const again = run({ timestamp, sentAt: noon }).row;
    expect([first.day, again.day]).toEqual(['2026-11-20', '2026-11-20']);
    expect(first.timestamp).not.toBe(again.timestamp);
  });

  it('takes the day from the id where no time is given, and a fixed one where the id tells none', () => {
    expect(run({ eventId: '0190163d-8694-739b-aea5-966c26f8ad91' }).row.day).toBe('2024-06-14');
    expect(run({ eventId: '9b2fd1b4-3c1d-4a5e-8f00-000000000000' }).row.day).toBe('1970-01-01');
    expect(run({ timestamp: '9999-12-31T00:00:00Z' }).row.day).toBe('2149-06-06');
  });

  it('says when the event can have been made at the earliest', () => {
    const idTime = 0x0190163d8694;
    expect(run({}).event.madeAt).toBe(idTime);
    expect(run({ eventId: '9b2fd1b4-3c1d-4a5e-8f00-000000000000' }).event.madeAt).toBe(Number.NEGATIVE_INFINITY);
  });
});
