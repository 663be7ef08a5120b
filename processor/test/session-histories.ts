import fc from 'fast-check';
import type { ModelEvent } from './session-model.ts';

const minute = 60_000;
const hour = 60 * minute;
const begin = Date.UTC(2026, 9, 24, 20);
/** Gaps on both sides of each limit, and long enough that a history runs over days, midnight and a change of clocks. */
const gaps = [0, 1, 4 * minute, 29 * minute, 30 * minute, 30 * minute + 1, 50 * minute, 3 * hour, 11 * hour, 26 * hour];
const delays = [0, 0, 0, minute, 35 * minute, 5 * hour, 20 * hour, 27 * hour, 80 * hour];
const names = [
  undefined,
  undefined,
  undefined,
  '0b7c1a52-3c1d-4a5b-9c6e-5f0d5a1c2e01',
  'f1e0aa52-3c1d-4a5b-9c6e-5f0d5a1c2e02',
  toUuidV7(begin, 7),
  toUuidV7(begin + 20 * hour, 8),
  toUuidV7(begin - 40 * 24 * hour, 9),
];

/** What a history is made of: gap before, delay, who, which campaign, which id of the client's. */
const step = fc.record({
  gap: fc.constantFrom(...gaps),
  delay: fc.constantFrom(...delays),
  person: fc.constantFrom('anna', 'anna', 'berta'),
  campaign: fc.constantFrom('', '', '', '', 'x', 'y'),
  named: fc.constantFrom(...names),
});

/** Events in the order in which they happened; each comes as late as it does. */
export const histories: fc.Arbitrary<ModelEvent[]> = fc.array(step, { minLength: 1, maxLength: 30 }).map((steps) => {
  let at = begin;
  return steps.map(({ gap, delay, person, campaign, named }, index) => {
    at += gap;
    const event = { id: toUuidV7(at, index), person, at, receivedAt: at + delay, campaign };
    return named === undefined ? event : { ...event, named };
  });
});

/** The same of one person who names no sessions and does one thing at a time. */
export const plainHistories: fc.Arbitrary<ModelEvent[]> = histories.map((events) =>
  events
    .filter(({ at }, index) => at !== events[index - 1]?.at)
    .map(({ named: _, ...event }) => ({ ...event, person: 'anna' })),
);

/** A UUIDv7 made at this instant (epoch ms), told from others by its number. */
export function toUuidV7(at: number, number: number): string {
  const time = at.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7ccc-8ddd-${String(number).padStart(12, '0')}`;
}
