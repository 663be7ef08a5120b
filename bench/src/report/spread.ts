/** Gives the middle value, the mean of the two middle ones of an even count; NaN of none. */
export function toMedian(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? Number.NaN;
  return (lower + upper) / 2;
}

/** Writes the least of the rounds and their median, as `min / median`. */
export function toSpread(values: readonly number[], digits = 0): string {
  return `${toFixed(Math.min(...values), digits)} / ${toFixed(toMedian(values), digits)}`;
}

/** Writes a number with thousands apart. */
export function toFixed(value: number, digits = 0): string {
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** Writes bytes as MiB. */
export function toMib(bytes: number): string {
  return toFixed(bytes / 1_024 ** 2);
}
