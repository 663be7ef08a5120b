import type { ByteSink } from './byte-sink.ts';
import { refuseValue } from './refuse-value.ts';

const dayMs = 86_400_000;
const lastDay = 0xffff;
const maxKept = 10_000;
const days = new Map<string, number>();

/**
 * Writes a day, `YYYY-MM-DD`, 1970-01-01 to 2149-06-06, as days since 1970 in 16 bits; throws `store_refused_rows`
 * where it is none. Days are read once and kept, since the rows of a batch share theirs.
 */
export function writeDay(sink: ByteSink, text: string): void {
  sink.uint16(days.get(text) ?? readDay(text));
}

function readDay(text: string): number {
  const day = Date.parse(text) / dayMs;
  // The 30th of February would be taken for the 2nd of March.
  const isDay = day >= 0 && day <= lastDay && new Date(day * dayMs).toISOString().slice(0, 10) === text;
  if (!isDay) refuseValue('Date', text);
  if (days.size >= maxKept) days.clear();
  days.set(text, day);
  return day;
}
