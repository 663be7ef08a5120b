import { describe, expect, it } from 'vitest';
import { makePipelineEvent } from '../../test/pipeline-event.ts';
import { createHeldRows } from '../dedupe/held-rows.ts';
import { createIdWindow } from '../dedupe/id-window.ts';
import type { PipelineEvent } from '../pipeline-event.ts';
import { createDedupe, type Dedupe } from './dedupe.ts';

const noon = Date.UTC(2026, 10, 22, 12);
const hour = 3_600_000;
const minute = 60_000;

function makeEvent(number: number, madeAt: number, receivedAt = noon): PipelineEvent {
  const event_id = `0190aaaa-bbbb-7ccc-8ddd-${String(number).padStart(12, '0')}`;
  const event = makePipelineEvent({ record: { received_at: receivedAt }, event: { event_id } });
  event.madeAt = madeAt;
  return event;
}

const open = (maxIds = 1_000) => createDedupe(createIdWindow({ windowMs: hour, maxIds, coveredSince: noon - hour }));
const none: ReadonlySet<string> = new Set();

/** Runs one batch; gives the numbers of the events that were kept. */
function runBatch(dedupe: Dedupe, events: readonly PipelineEvent[], stored = none): number[] {
  const stage = dedupe.begin(events).withStored(stored);
  return events.filter((event) => stage.run(event) === event).map(({ event }) => Number(event.event_id.slice(-12)));
}

describe('dedupe', () => {
  it('keeps the first of two events with one id, in one batch and in two', () => {
    const dedupe = open();
    expect(runBatch(dedupe, [makeEvent(1, noon), makeEvent(1, noon)])).toEqual([1]);
    expect(runBatch(dedupe, [makeEvent(1, noon)])).toEqual([]);
  });

  it('says that a second copy is a duplicate', () => {
    const stage = open().begin([]).withStored(none);
    stage.run(makeEvent(1, noon));
    expect(stage.run(makeEvent(1, noon))).toEqual({ kind: 'drop', reason: 'duplicate' });
  });

  it('keeps the event whose row a crash left in the store, and not its copy in another partition, whichever comes first', () => {
    const kept = {
      ...makeEvent(1, noon),
      position: { logId: 'l1', partition: 0, partitionCount: 0, offset: 7, index: 2, appendedAt: noon },
    };
    const copy = {
      ...makeEvent(1, noon),
      position: { logId: 'l1', partition: 1, partitionCount: 0, offset: 3, index: 0, appendedAt: noon },
    };
    const places = new Map([[0, new Set([`7:2:p1:${kept.event.event_id}`])]]);
    for (const order of [
      [copy, kept],
      [kept, copy],
    ]) {
      const window = createIdWindow({ windowMs: hour, maxIds: 10, coveredSince: noon - hour });
      const stage = createDedupe(window, createHeldRows(places)).begin([]).withStored(none);
      expect(order.filter((event) => stage.run(event) === event)).toEqual([kept]);
    }
  });

  it('asks the store about events that memory cannot decide, and about no others', () => {
    const dedupe = open();
    const asked = (event: PipelineEvent) => dedupe.begin([event]).unsure.length === 1;
    expect(asked(makeEvent(1, noon))).toBe(false);
    expect(asked(makeEvent(2, noon - hour + minute))).toBe(false);
    expect(asked(makeEvent(3, noon - hour - 1))).toBe(true);
    expect(asked(makeEvent(4, Number.NEGATIVE_INFINITY))).toBe(true);
    expect(asked(makeEvent(5, noon + 60_001))).toBe(true);
  });

  it('asks about an event from the edge of the window, since a clock that is believed may be a minute ahead', () => {
    expect(open().begin([makeEvent(1, noon - hour + minute - 1)]).unsure).toHaveLength(1);
  });

  it('does not ask about an old event that it has just seen', () => {
    const dedupe = open();
    runBatch(dedupe, [makeEvent(1, 0)]);
    expect(dedupe.begin([makeEvent(1, 0)]).unsure).toEqual([]);
  });

  it('drops what the store says it holds', () => {
    const [first, second] = [makeEvent(1, 0), makeEvent(2, 0)];
    expect(runBatch(open(), [first, second], new Set([`p1:${first.event.event_id}`]))).toEqual([2]);
  });

  it('keeps the answers for two batches under way apart', () => {
    const dedupe = open();
    const [old, other] = [makeEvent(1, 0), makeEvent(2, 0)];
    const stage = dedupe.begin([old]).withStored(new Set([`p1:${old.event.event_id}`]));
    dedupe.begin([other]).withStored(none);
    expect(stage.run(old)).toEqual({ kind: 'drop', reason: 'duplicate' });
  });

  it('drops a copy of what the window held when the batch began, though the batch itself pushes it out', () => {
    const dedupe = open();
    runBatch(dedupe, [makeEvent(1, noon)]);
    const later = noon + hour + 1;
    expect(runBatch(dedupe, [makeEvent(2, later, later), makeEvent(1, noon, later)])).toEqual([2]);
  });

  it('drops a second copy in a batch that spans more than the window', () => {
    const later = noon + hour + 1;
    const events = [
      makeEvent(1, noon),
      makeEvent(2, later, later),
      makeEvent(3, later, later),
      makeEvent(1, noon, later),
    ];
    expect(runBatch(open(), events)).toEqual([1, 2, 3]);
  });
});
