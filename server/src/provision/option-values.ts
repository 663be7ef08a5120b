import { InvalidArgumentError } from 'commander';

const unitMs = new Map([
  ['s', 1_000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
]);

/** Gives the ms of `30s`, `15m`, `24h` or `90d`. Throws commander's `InvalidArgumentError`, as all here do. */
export function parseDuration(text: string): number {
  const [, count = '', unit = ''] = /^(\d{1,9})([smhd])$/.exec(text) ?? [];
  const ms = unitMs.get(unit);
  if (ms === undefined) throw new InvalidArgumentError('It must be like 30s, 15m, 24h or 90d.');
  return Number(count) * ms;
}

/** Gives an instant as RFC 3339 in UTC; a day alone is its beginning. */
export function parseInstant(text: string): string {
  const instant = new Date(text);
  const isInstant = /^\d{4}-\d{2}-\d{2}(T.*(Z|[+-]\d{2}:\d{2}))?$/.test(text) && !Number.isNaN(instant.getTime());
  if (!isInstant) throw new InvalidArgumentError('It must be like 2027-01-31 or 2027-01-31T12:00:00Z.');
  return instant.toISOString();
}

/** Gives a whole number from 1 on. */
export function parseCount(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('It must be a whole number from 1 on.');
  return Number(text);
}

/** Gathers an option that is given several times, or once with commas; `before` is false after its `--no-`. */
export function collect(text: string, before: readonly string[] | false = []): string[] {
  return [...(before || []), ...text.split(',').map((one) => one.trim())];
}
