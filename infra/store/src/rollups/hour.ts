/** An hour, in ms. */
export const hourMs = 3_600_000;

const ms = 'toUnixTimestamp64Milli(timestamp)';
/** How far an event lies from the start of its hour as SQL, in ms. */
export const eventMsOfHour = `positiveModulo(${ms}, ${hourMs})`;
/** The start of an event's hour (UTC) as SQL, as epoch ms; not `toStartOfHour`, which rounds up what lies before 1970. */
export const eventHourMs = `${ms} - ${eventMsOfHour}`;
/** The column `hour` of `rollups` and `rollup_hours` as SQL, as epoch ms. */
export const columnHourMs = 'toUnixTimestamp64Second(hour) * 1000';
/** `{name}` (epoch ms) as the column `hour` has it. */
export function toHourSql(name: string): string {
  return `fromUnixTimestamp64Second(intDiv({${name}:Int64}, 1000), 'UTC')`;
}

/** The start of the hour (UTC) in which an instant lies; both epoch ms. */
export function toHour(at: number): number {
  return Math.floor(at / hourMs) * hourMs;
}
