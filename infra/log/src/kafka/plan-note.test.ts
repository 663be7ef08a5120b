import { expect, it } from 'vitest';
import { parsePlanNote, toPlanNote } from './plan-note.ts';

it('reads back the end that it wrote', () => {
  expect(parsePlanNote(toPlanNote(300))).toBe(300);
});

it.each(['', 'text', 'null', '7', '{}', '{"v":1}', '{"v":1,"end":"300"}', '{"v":1,"end":0.5}'])(
  'reads no plan in %s',
  (note) => {
    expect(parsePlanNote(note)).toBeNull();
  },
);

it.each(['{"v":2,"end":300}', '{"v":2,"batches":[]}', '{"v":"next"}'])('refuses %s, of another version', (note) => {
  expect(() => parsePlanNote(note)).toThrow(expect.objectContaining({ code: 'log_version_unknown' }));
});
