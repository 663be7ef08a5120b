import { describe, expect, it } from 'vitest';
import { makePipelineEvent } from '../../test/pipeline-event.ts';
import { createIdWindow } from '../dedupe/id-window.ts';
import type { PipelineEvent } from '../pipeline-event.ts';
import { createDedupeStage } from './dedupe.ts';

const noon = Date.UTC(2026, 10, 22, 12);
const hour = 3_600_000;

function makeEvent(number: number, madeAt: number, receivedAt = noon): PipelineEvent {
  const event_id = `0190aaaa-bbbb-7ccc-8ddd-${String(number).padStart(12, '0')}`;
  const event = makePipelineEvent({ record: { received_at: receivedAt }, event: { event_id } });
  event.madeAt = madeAt;
  return event;
}

const open = () => createDedupeStage(createIdWindow({ windowMs: hour, maxIds: 1_000, coveredSince: noon - hour }));

describe('dedupe', () => {
  it('keeps the first of two events with one id', () => {
    const stage = open();
    const event = makeEvent(1, noon);
    expect(stage.run(event)).toBe(event);
    expect(stage.run(makeEvent(1, noon))).toEqual({ kind: 'drop', reason: 'duplicate' });
  });

  it('asks the store about events that memory cannot decide, and about no others', () => {
    const stage = open();
    const asked = (event: PipelineEvent) => stage.unsure([event]).length === 1;
    expect(asked(makeEvent(1, noon))).toBe(false);
    expect(asked(makeEvent(2, noon - hour))).toBe(false);
    expect(asked(makeEvent(3, noon - hour - 1))).toBe(true);
    expect(asked(makeEvent(4, Number.NEGATIVE_INFINITY))).toBe(true);
    expect(asked(makeEvent(5, noon + 60_001))).toBe(true);
  });

  it('does not ask about an old event that it has just seen', () => {
    const stage = open();
    const old = makeEvent(1, 0);
    stage.run(old);
    expect(stage.unsure([makeEvent(1, 0)])).toEqual([]);
  });

  it('drops what the store says it holds', () => {
    const stage = open();
    const [first, second] = [makeEvent(1, 0), makeEvent(2, 0)];
    stage.learn(new Set([`p1:${first.event.event_id}`]));
    expect(stage.run(first)).toEqual({ kind: 'drop', reason: 'duplicate' });
    expect(stage.run(second)).toBe(second);
  });
});
