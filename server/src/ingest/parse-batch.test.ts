import { keyLimits } from '@px-platform/schemas';
import { describe, expect, it } from 'vitest';
import { parseBatch } from './parse-batch.ts';

const events = [{ event: 'x', anonymous_id: 'a1' }];
const toContext = (bytes: number) => {
  const hints = Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`k${at}`, '']));
  let left = bytes - JSON.stringify({ client_hints: hints }).length;
  for (const key of Object.keys(hints)) {
    hints[key] = 'x'.repeat(Math.min(left, 1_000));
    left -= hints[key].length;
  }
  return { client_hints: hints };
};

describe('parseBatch', () => {
  it('bounds the context that each record of the batch repeats, as one event is bounded', () => {
    expect(parseBatch({ events, context: toContext(64 * 1024) }, keyLimits.pub)).toMatchObject({ events });
    expect(parseBatch({ events, context: toContext(64 * 1024 + 1) }, keyLimits.srv)).toMatchObject({
      code: 'body_too_large',
      details: { size: 64 * 1024 + 1, limit: 64 * 1024, unit: 'bytes', path: 'context' },
    });
  });
});
