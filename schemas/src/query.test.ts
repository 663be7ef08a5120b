import { describe, expect, it } from 'vitest';
import { questionSchema } from './query.ts';

const day = { from: '2026-05-01T00:00:00Z', to: '2026-05-02T00:00:00Z' };
const series = { question: 'timeseries', ...day };

/** What is wrong with a question, as `path: message`; none where it is right. */
function mistakes(question: unknown): string[] {
  const parsed = questionSchema.safeParse(question);
  return parsed.success ? [] : parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
}

const filtered = (filter: unknown): unknown => ({ question: 'events', ...day, filters: [filter] });

describe('a question', () => {
  it('is filled up with what it leaves open', () => {
    const common = { ...day, timezone: 'UTC', filters: [] };
    expect(questionSchema.parse(series)).toEqual({ ...common, question: 'timeseries', interval: 'day', limit: 10_000 });
    expect(questionSchema.parse({ question: 'breakdown', ...day, by: 'country' })).toEqual({
      ...common,
      question: 'breakdown',
      by: 'country',
      limit: 50,
    });
    expect(questionSchema.parse({ question: 'events', ...day })).toEqual({ ...common, question: 'events', limit: 100 });
  });

  it.each([
    ['why', { ...series, question: 'why' }, 'question'],
    ['a key it does not know', { ...series, sql: 'SELECT 1' }, ''],
    ['no time', { question: 'events' }, 'from'],
    ['a time in words', { ...series, from: 'yesterday' }, 'from'],
    ['a limit of none', { ...series, limit: 0 }, 'limit'],
    ['a limit beyond its own', { question: 'events', ...day, limit: 1_001 }, 'limit'],
    ['21 filters', { ...series, filters: Array(21).fill({ field: 'os', op: 'is_set' }) }, 'filters'],
    ['no field to break down by', { question: 'breakdown', ...day }, 'by'],
    ['a field outside the list', { question: 'breakdown', ...day, by: 'ip' }, 'by'],
  ])('is refused with %s', (_name, question, path) => {
    expect(mistakes(question).map((mistake) => mistake.split(':')[0])).toContain(path);
  });
});

describe('its time', () => {
  it.each([
    ['to before from', { from: day.to, to: day.from }, 'to: does not lie after "from"'],
    ['to at from', { from: day.from, to: '2026-05-01T02:00:00+02:00' }, 'to: does not lie after "from"'],
    ['a year before 1900', { from: '1899-12-31T23:59:59Z' }, 'from: lies outside the years 1900 to 2299'],
    ['a year after 2299', { to: '2300-01-01T00:00:01Z' }, 'to: lies outside the years 1900 to 2299'],
  ])('is refused with %s', (_name, own, mistake) => {
    expect(mistakes({ question: 'events', ...day, ...own })).toEqual([mistake]);
  });

  it('holds at most 10,000 intervals', () => {
    const minutes = { ...series, interval: 'minute', from: '2026-05-01T00:00:00Z' };
    expect(mistakes({ ...minutes, to: '2026-05-07T22:40:00Z' })).toEqual([]);
    expect(mistakes({ ...minutes, to: '2026-05-07T22:40:01Z' })).toEqual([
      'interval: "from" to "to" holds 10001 intervals of one minute, the limit is 10000: take a longer interval or a shorter time',
    ]);
    expect(
      mistakes({ ...series, interval: 'month', from: '1900-01-01T00:00:00Z', to: '2299-12-31T00:00:00Z' }),
    ).toEqual([]);
    expect(mistakes({ question: 'events', ...day, from: '1900-01-01T00:00:00Z' })).toEqual([]);
  });
});

describe('its timezone', () => {
  it.each([
    ['Europe/Berlin', 'Europe/Berlin'],
    ['europe/berlin', 'Europe/Berlin'],
    ['US/Pacific', 'America/Los_Angeles'],
    ['utc', 'UTC'],
    ['Etc/GMT+5', 'Etc/GMT+5'],
  ])('%s is known as %s', (timezone, known) => {
    expect(questionSchema.parse({ ...series, timezone }).timezone).toBe(known);
  });

  it.each(['Mars/Base', '', '+02:00', '../../etc/passwd', 'America/Coyhaique', "UTC'); --"])(
    '%s is refused',
    (timezone) => {
      expect(mistakes({ ...series, timezone })).toEqual([
        `timezone: "${timezone}" is no timezone known here: name one as Europe/Berlin`,
      ]);
    },
  );
});

describe('a filter', () => {
  it.each([
    { field: 'os', op: 'eq', value: 'Linux' },
    { field: 'is_bot', op: 'ne', value: true },
    { field: 'properties.a b.ß', op: 'gte', value: -1.5 },
    { field: 'os', op: 'in', value: ['a'] },
    { field: 'os', op: 'is_not_set' },
  ])('%j is right', (filter) => {
    expect(mistakes(filtered(filter))).toEqual([]);
  });

  it.each([
    ['an operator it does not know', { field: 'os', op: 'like', value: 'x' }],
    ['no value', { field: 'os', op: 'eq' }],
    ['a value where none belongs', { field: 'os', op: 'is_set', value: 1 }],
    ['a word for a number', { field: 'os', op: 'gt', value: '5' }],
    ['a number for a word', { field: 'os', op: 'contains', value: 5 }],
    ['an empty list', { field: 'os', op: 'in', value: [] }],
    ['201 values', { field: 'os', op: 'in', value: Array(201).fill('a') }],
    ['a value of 1,001 characters', { field: 'os', op: 'eq', value: 'x'.repeat(1_001) }],
    ['null', { field: 'os', op: 'eq', value: null }],
    ['SQL for a field', { field: 'os = 1 OR 1', op: 'is_set' }],
    ['a path that is empty', { field: 'properties.', op: 'is_set' }],
    ['a backtick in a path', { field: 'properties.a.:`Int64`', op: 'is_set' }],
    ['a backslash in a path', { field: 'properties.a\\', op: 'is_set' }],
    ['a control character in a path', { field: 'properties.a\nb', op: 'is_set' }],
  ])('is refused with %s', (_name, filter) => {
    expect(mistakes(filtered(filter))).toHaveLength(1);
  });
});
