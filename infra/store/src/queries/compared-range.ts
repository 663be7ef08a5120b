import type { QuestionOf } from '@px-platform/schemas';

const dayMs = 24 * 60 * 60 * 1_000;

/** A question that may be compared with another time. */
type Comparable = Pick<QuestionOf<'overview'>, 'from' | 'to' | 'timezone' | 'compare'>;

/**
 * Gives the time that a question is compared with, or null. Days are those of its timezone: where it asks whole days, it is
 * compared with whole days, though a DST change makes one longer; else `previous_period` is what lies before, as long to the
 * millisecond. `previous_year` has the same dates and clock times; 29 February is compared with 28 February.
 */
export function toComparedRange(question: Comparable): { from: string; to: string } | null {
  const { compare, timezone } = question;
  if (compare === undefined || typeof compare === 'object') return compare ?? null;
  const from = Date.parse(question.from);
  const to = Date.parse(question.to);
  const walls = { from: toWall(from, timezone), to: toWall(to, timezone) };
  if (compare === 'previous_year') {
    return { from: toIso(yearBefore(walls.from), timezone), to: toIso(yearBefore(walls.to), timezone) };
  }
  if (walls.from % dayMs !== 0 || walls.to % dayMs !== 0) {
    return { from: new Date(from - (to - from)).toISOString(), to: question.from };
  }
  return { from: toIso(walls.from - (walls.to - walls.from), timezone), to: question.from };
}

function yearBefore(wall: number): number {
  const date = new Date(wall);
  const month = date.getUTCMonth();
  date.setUTCFullYear(date.getUTCFullYear() - 1);
  // 29 February becomes 1 March, whose month is another.
  if (date.getUTCMonth() !== month) date.setUTCDate(0);
  return date.getTime();
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** What the clock on the wall shows at an instant, as the epoch ms of a clock in UTC that shows the same. */
function toWall(at: number, timezone: string): number {
  let format = formats.get(timezone);
  if (format === undefined) {
    const parts = {
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    } as const;
    format = new Intl.DateTimeFormat('en', { timeZone: timezone, hourCycle: 'h23', ...parts });
    formats.set(timezone, format);
  }
  const shown = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = shown;
  return Date.UTC(year, month - 1, day, hour, minute, second) + (((at % 1_000) + 1_000) % 1_000);
}

/** The instant at which the clock shows this; where it is put forward over it, the later one of the two nearest. */
function toIso(wall: number, timezone: string): string {
  const guess = wall - (toWall(wall, timezone) - wall);
  const at = guess - (toWall(guess, timezone) - wall);
  return new Date(toWall(at, timezone) === wall ? at : Math.max(guess, at)).toISOString();
}
