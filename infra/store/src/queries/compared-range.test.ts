import { describe, expect, it } from 'vitest';
import { toComparedRange } from './compared-range.ts';

const previous_period = 'previous_period';
const previous_year = 'previous_year';

describe('the time compared with', () => {
  it.each([
    ['nothing asked', 'UTC', undefined, '2026-05-08T00:00:00Z', '2026-05-15T00:00:00Z', null],
    [
      'the week before',
      'UTC',
      previous_period,
      '2026-05-08T00:00:00Z',
      '2026-05-15T00:00:00Z',
      ['2026-05-01T00:00:00.000Z', '2026-05-08T00:00:00Z'],
    ],
    [
      'a day of 23 hours, before it one of 24',
      'Europe/Berlin',
      previous_period,
      '2026-03-28T23:00:00Z',
      '2026-03-29T22:00:00Z',
      ['2026-03-27T23:00:00.000Z', '2026-03-28T23:00:00Z'],
    ],
    [
      'a day of 24 hours, before it one of 23',
      'Europe/Berlin',
      previous_period,
      '2026-03-29T22:00:00Z',
      '2026-03-30T22:00:00Z',
      ['2026-03-28T23:00:00.000Z', '2026-03-29T22:00:00Z'],
    ],
    [
      'a day of 24 hours, before it one of 25',
      'America/New_York',
      previous_period,
      '2026-11-02T05:00:00Z',
      '2026-11-03T05:00:00Z',
      ['2026-11-01T04:00:00.000Z', '2026-11-02T05:00:00Z'],
    ],
    [
      'what is no whole days, to the millisecond',
      'Europe/Berlin',
      previous_period,
      '2026-03-29T00:30:00Z',
      '2026-03-29T02:30:00.001Z',
      ['2026-03-28T22:29:59.999Z', '2026-03-29T00:30:00Z'],
    ],
    [
      'a day before which midnight was left out',
      'America/Sao_Paulo',
      previous_period,
      '2017-10-16T02:00:00Z',
      '2017-10-17T02:00:00Z',
      ['2017-10-15T03:00:00.000Z', '2017-10-16T02:00:00Z'],
    ],
    [
      'the year before',
      'Europe/Berlin',
      previous_year,
      '2026-03-29T22:00:00Z',
      '2026-03-30T22:00:00Z',
      ['2025-03-29T23:00:00.000Z', '2025-03-30T22:00:00.000Z'],
    ],
    [
      '29 February with 28 February',
      'UTC',
      previous_year,
      '2028-02-29T00:00:00Z',
      '2028-03-01T00:00:00Z',
      ['2027-02-28T00:00:00.000Z', '2027-03-01T00:00:00.000Z'],
    ],
    [
      'a zone of half an hour',
      'Asia/Kolkata',
      previous_year,
      '2026-01-01T18:30:00Z',
      '2026-01-02T18:30:00.5Z',
      ['2025-01-01T18:30:00.000Z', '2025-01-02T18:30:00.500Z'],
    ],
  ] as const)('is right for %s', (_name, timezone, compare, from, to, compared) => {
    const range = toComparedRange({ from, to, timezone, compare });
    expect(range === null ? null : [range.from, range.to]).toEqual(compared);
  });

  it('is a time of its own', () => {
    const own = { from: '2020-01-01T00:00:00Z', to: '2020-01-02T00:00:00Z' };
    expect(
      toComparedRange({ from: '2026-01-01T00:00:00Z', to: '2026-02-01T00:00:00Z', timezone: 'UTC', compare: own }),
    ).toBe(own);
  });
});
