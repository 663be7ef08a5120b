const dayMs = 24 * 60 * 60 * 1_000;
/** Years of zones that were looked at: a year takes about a millisecond. */
const known = new Map<string, boolean>();

/**
 * Whether a timezone is whole hours away from UTC all through a time (epoch ms), so that each of its days begins with an
 * hour of UTC. Looks at each day of each year that the time touches.
 */
export function isWholeHourZone(timezone: string, from: number, to: number): boolean {
  if (timezone === 'UTC') return true;
  const last = new Date(to).getUTCFullYear();
  for (let year = new Date(from).getUTCFullYear(); year <= last; year++) {
    const key = `${timezone} ${year}`;
    const isWhole = known.get(key) ?? isWholeHourYear(timezone, year);
    known.set(key, isWhole);
    if (!isWhole) return false;
  }
  return true;
}

function isWholeHourYear(timeZone: string, year: number): boolean {
  const minutes = new Intl.DateTimeFormat('en', { timeZone, minute: 'numeric', second: 'numeric' });
  const end = Date.UTC(year + 1, 0, 1) + dayMs;
  for (let at = Date.UTC(year, 0, 1) - dayMs; at <= end; at += dayMs) {
    const isWhole = minutes.formatToParts(at).every(({ type, value }) => type === 'literal' || Number(value) === 0);
    if (!isWhole) return false;
  }
  return true;
}
