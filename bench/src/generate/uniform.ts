/** Gives SQL for a number in 0..1 that follows from these expressions alone, so that a run makes the same events again. */
export function toUniform(...of: readonly string[]): string {
  return `(cityHash64(${of.join(', ')}) / 18446744073709551616.)`;
}

/** Gives SQL that picks from a list by a number in 0..1, its first entries far more often than its last. */
export function toPick(list: readonly string[], uniform: string): string {
  const literals = list.map((entry) => `'${entry}'`).join(', ');
  return `[${literals}][1 + toUInt32(floor(pow(${uniform}, 2) * ${list.length}))]`;
}

/** Gives SQL for a UUIDv7 as text: made at `ms` (epoch ms), the rest a hash of `of`. */
export function toUuidV7(ms: string, ...of: readonly string[]): string {
  const time = `lower(hex(toUInt64(${ms})))`;
  const rest = `lower(hex(sipHash128(${of.join(', ')})))`;
  return `concat(substring(${time}, 1, 8), '-', substring(${time}, 9, 4), '-7', substring(${rest}, 1, 3), '-8', substring(${rest}, 4, 3), '-', substring(${rest}, 7, 12))`;
}
