import type { EventRow } from '@px-platform/schemas';

const dayMs = 24 * 60 * 60 * 1_000;

/** What a retention asks; instants are epoch ms. */
export interface RetentionAsked {
  readonly from: number;
  readonly to: number;
  readonly timezone: string;
  readonly interval: 'day' | 'week' | 'month';
  readonly cohort: 'first_time' | 'recurring';
  readonly periods: number;
  readonly isStart: (row: EventRow) => boolean;
  readonly isReturn: (row: EventRow) => boolean;
}

/** Who came back, told slowly. */
export function referRetention(rows: readonly EventRow[], asked: RetentionAsked): unknown[][] {
  const { from, to, interval, periods } = asked;
  const startOf = (at: number): string => toIntervalStart(toLocalDay(at, asked.timezone), interval);
  const cohorts = new Map<string, Set<string>>();
  const returns = new Map<string, Set<string>>();
  for (const [person, own] of Map.groupBy(rows, (row) => row.person_key)) {
    const starts = own.filter((row) => row.timestamp < to && asked.isStart(row)).map((row) => row.timestamp);
    const counted = asked.cohort === 'first_time' ? [Math.min(...starts)] : starts;
    for (const at of counted) {
      if (at >= from && at < to) cohorts.set(startOf(at), (cohorts.get(startOf(at)) ?? new Set()).add(person));
    }
    const back = own.filter((row) => row.timestamp >= from && row.timestamp < to && asked.isReturn(row));
    returns.set(person, new Set(back.map((row) => startOf(row.timestamp))));
  }
  const last = toLocalDay(to - 1, asked.timezone);
  return [...cohorts.keys()].toSorted().flatMap((cohort) => {
    const persons = [...(cohorts.get(cohort) ?? [])];
    const answer: unknown[][] = [];
    for (let period = 0; period <= periods; period++) {
      const later = addIntervals(cohort, interval, period);
      if (later > last) break;
      const count = period === 0 ? persons.length : persons.filter((one) => returns.get(one)?.has(later)).length;
      answer.push([cohort, period, persons.length, count, count / persons.length]);
    }
    return answer;
  });
}

/** One for each time zone: to build one takes a hundred times what it takes to use it. */
const formats = new Map<string, Intl.DateTimeFormat>();

function toLocalDay(at: number, timeZone: string): string {
  const format =
    formats.get(timeZone) ??
    new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  formats.set(timeZone, format);
  return format.format(at);
}

function toIntervalStart(day: string, interval: RetentionAsked['interval']): string {
  if (interval === 'month') return `${day.slice(0, 7)}-01`;
  if (interval === 'day') return day;
  const at = Date.parse(day);
  return toDay(at - ((new Date(at).getUTCDay() + 6) % 7) * dayMs);
}

function addIntervals(day: string, interval: RetentionAsked['interval'], count: number): string {
  const date = new Date(day);
  if (interval !== 'month') return toDay(date.getTime() + count * (interval === 'week' ? 7 : 1) * dayMs);
  date.setUTCMonth(date.getUTCMonth() + count);
  return toDay(date.getTime());
}

function toDay(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
