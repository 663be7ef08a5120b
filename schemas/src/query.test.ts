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
    ['a source that is no field of arrival', { question: 'sources', ...day, by: 'country' }, 'by'],
    ['six segments', { ...series, segments: Array.from('abcdef', (name) => ({ name })) }, 'segments'],
    ['two segments of one name', { ...series, segments: [{ name: 'a' }, { name: 'a' }] }, 'segments'],
    ['a comparison that it does not know', { ...series, compare: 'previous_decade' }, 'compare'],
    ['a comparison that ends first', { ...series, compare: { from: day.to, to: day.from } }, 'compare.to'],
    ['a comparison of rows', { question: 'events', ...day, compare: 'previous_period' }, ''],
    ['one step', { question: 'funnel', ...day, steps: [{ event: 'a' }] }, 'steps'],
    ['eleven steps', { question: 'funnel', ...day, steps: Array(11).fill({ event: 'a' }) }, 'steps'],
    ['a step without an event', { question: 'funnel', ...day, steps: [{ event: 'a' }, {}] }, 'steps.1.event'],
    ['no window', { question: 'funnel', ...day, steps: Array(2).fill({ event: 'a' }), window_s: 0 }, 'window_s'],
    ['a window of 91 days', { question: 'funnel', ...day, steps: [], window_s: 91 * 86_400 }, 'window_s'],
    ['61 periods', { question: 'retention', ...day, periods: 61 }, 'periods'],
    ['a path of six', { question: 'paths', ...day, start: '/', depth: 6 }, 'depth'],
    ['no page to start from', { question: 'paths', ...day }, 'start'],
    ['nobody', { question: 'person_timeline', ...day, person: '' }, 'person'],
    ['a session that is no UUID', { question: 'session_events', ...day, session_id: "' OR 1" }, 'session_id'],
  ])('is refused with %s', (_name, question, path) => {
    expect(mistakes(question).map((mistake) => mistake.split(':')[0])).toContain(path);
  });

  it.each([
    ['segments, one without filters', { ...series, segments: [{ name: 'all' }, { name: 'b', filters: [] }] }],
    ['a comparison with a time of its own', { ...series, compare: day }],
    [
      'ten steps and a window of 90 days',
      { question: 'funnel', ...day, steps: Array(10).fill({ event: 'a' }), window_s: 90 * 86_400 },
    ],
  ])('may have %s', (_name, question) => {
    expect(mistakes(question)).toEqual([]);
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
    const retention = { question: 'retention', interval: 'day', from: '2026-01-01T00:00:00Z' };
    expect(mistakes({ ...retention, to: '2027-01-01T00:00:00Z' })).toEqual([]);
    expect(mistakes({ ...retention, to: '2027-03-01T00:00:00Z' })[0]).toContain('the limit is 400');
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
    expect(questionSchema.parse({ ...series, timezone })).toMatchObject({ timezone: known });
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
    { op: 'any', filters: [{ field: 'os', op: 'is_set' }] },
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
    ['any of none', { op: 'any', filters: [] }],
    ['any within any', { op: 'any', filters: [{ op: 'any', filters: [{ field: 'os', op: 'is_set' }] }] }],
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
