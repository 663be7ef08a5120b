import { expect, it } from 'vitest';
import type { OpenSession } from './session-book.ts';
import { toKnownSessions } from './to-known-sessions.ts';

const entry = (own: Partial<OpenSession>): OpenSession => ({
  id: 'a',
  receivedDay: 10,
  startAt: 5,
  endAt: 6,
  campaign: '',
  campaignAt: 0,
  ...own,
});

it('joins what was received of a session on the day before and since', () => {
  const entries = [entry({ receivedDay: 9, startAt: 7, endAt: 9 }), entry({ receivedDay: 10, startAt: 3, endAt: 8 })];
  expect(toKnownSessions(entries, 10)).toEqual([entry({ receivedDay: 10, startAt: 3, endAt: 9 })]);
  expect(toKnownSessions(entries, 9)).toHaveLength(1);
  expect(toKnownSessions(entries, 11)).toEqual([entries[1]]);
  expect(toKnownSessions(entries, 12)).toEqual([]);
});

it.each([
  ['the earlier', { campaign: 'x', campaignAt: 4 }, { campaign: 'y', campaignAt: 5 }, 'x'],
  ['the earlier, received later', { campaign: 'x', campaignAt: 5 }, { campaign: 'y', campaignAt: 4 }, 'y'],
  ['of two at once, the one received first', { campaign: 'x', campaignAt: 5 }, { campaign: 'y', campaignAt: 5 }, 'x'],
  ['the only one', { campaign: '', campaignAt: 0 }, { campaign: 'y', campaignAt: 5 }, 'y'],
])('gives the joined session the campaign that is %s', (_name, before, since, campaign) => {
  const entries = [entry({ receivedDay: 9, ...before }), entry({ receivedDay: 10, ...since })];
  expect(toKnownSessions(entries, 10)).toMatchObject([{ campaign }]);
  expect(toKnownSessions(entries.toReversed(), 10)).toMatchObject([{ campaign }]);
});
