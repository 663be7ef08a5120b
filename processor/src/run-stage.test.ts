import { expect, it } from 'vitest';
import { makePipelineEvent } from '../test/pipeline-event.ts';
import { toEventLetter } from './run-stage.ts';

it('cuts the message of a dead letter to text that a store takes', () => {
  const cause = new Error(`${'x'.repeat(999)}\u{1f600}`);
  const { message } = toEventLetter(makePipelineEvent(), 'row_refused', 'store', cause);
  expect(message).toBe(`${'x'.repeat(999)}\ufffd`);
});

it.each([
  [30, '2026-01-31'],
  [90, '2026-04-01'],
  [395, '2026-04-01'],
])('keeps a dead letter of a project that keeps %i days until %s', (retention_days, day) => {
  const event = makePipelineEvent();
  const record = { ...event.record, retention_days };
  const position = { ...event.position, appendedAt: Date.UTC(2026, 0, 1, 23, 59) };
  expect(toEventLetter({ ...event, record, position }, 'stage_failed', 'row', 'x').retain_until).toBe(day);
});
