const dayMs = 24 * 60 * 60 * 1000;
/** ClickHouse's Date holds 1970-01-01 to 2149-06-06. */
const lastDay = Date.UTC(2149, 5, 6) / dayMs;
const maxKept = 10_000;
const texts = new Map<number, string>();

/**
 * Gives the UTC day of an instant (epoch ms) as `YYYY-MM-DD`; what ClickHouse's Date can't hold becomes its nearer
 * end. Days are written once and kept, since most events of a batch share theirs. Never throws.
 */
export function toUtcDay(at: number): string {
  const day = Math.min(Math.max(Math.floor(at / dayMs), 0), lastDay);
  const kept = texts.get(day);
  if (kept !== undefined) return kept;
  const text = new Date(day * dayMs).toISOString().slice(0, 10);
  if (texts.size < maxKept) texts.set(day, text);
  return text;
}
