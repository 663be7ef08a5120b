import fc from 'fast-check';
import { expect, it } from 'vitest';
import { advanceLiveCursor, encodeLiveCursor, parseLiveCursor } from './live-cursor.ts';

const start = Date.UTC(2026, 4, 1);

function row(partition: number, offset: number, own: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    _log: 'log-a',
    _partition: partition,
    _offset: offset,
    _index: 0,
    day: '2026-05-01',
    stored_at: new Date(start).toISOString(),
    ...own,
  };
}

it('comes back from its text as it was', () => {
  const cursor = advanceLiveCursor({ at: start, heads: [] }, [row(1, 5), row(2, 3, { _log: 'log-b', _index: 4 })]);
  expect(cursor.heads).toHaveLength(2);
  expect(parseLiveCursor(encodeLiveCursor(cursor))).toEqual(cursor);
});

it('fits into a header, however many partitions there are', () => {
  const log = 'a'.repeat(36);
  const rows = Array.from({ length: 5_000 }, (_, at) => row(at, 2 ** 45 + at, { _log: log, _index: 999 }));
  expect(encodeLiveCursor(advanceLiveCursor({ at: start, heads: [] }, rows)).length).toBeLessThan(15_000);
});

it('keeps one head for each month of a partition, and lets go of those it looks back no more for', () => {
  const first = advanceLiveCursor({ at: start, heads: [] }, [row(1, 5), row(1, 4, { day: '2026-04-30' }), row(1, 3)]);
  expect(first.heads.map((head) => [head.month, head.offset])).toEqual([
    [202605, 5],
    [202604, 4],
  ]);
  const later = new Date(start + 61_000).toISOString();
  const second = advanceLiveCursor(first, [row(2, 1, { stored_at: later })]);
  expect(second).toMatchObject({ at: start + 1_000, heads: [{ partition: 2 }] });
});

it('is none where the text is none, and never throws', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.base64String(), fc.json()), (text) => {
      expect(parseLiveCursor(text)).toBeNull();
      expect(parseLiveCursor(Buffer.from(text).toString('base64url'))).toBeNull();
    }),
  );
});
