import { expect, it } from 'vitest';
import { makePipelineEvent } from '../test/pipeline-event.ts';
import { toEventLetter } from './run-stage.ts';

it('cuts the message of a dead letter to text that a store takes', () => {
  const cause = new Error(`${'x'.repeat(999)}\u{1f600}`);
  const { message } = toEventLetter(makePipelineEvent(), 'row_refused', 'store', cause);
  expect(message).toBe(`${'x'.repeat(999)}\ufffd`);
});
