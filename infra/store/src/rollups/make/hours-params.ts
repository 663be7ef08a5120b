import { eventHourMs, hourMs } from '../hour.ts';
import type { HourState } from '../hour-state.ts';

/** The events of the hours that the parameters of `toHoursParams` name, as a condition. */
export const eventsOfHours = `timestamp >= fromUnixTimestamp64Milli({from:Int64})
          AND timestamp < fromUnixTimestamp64Milli({to:Int64})
          AND ${eventHourMs} IN {hours:Array(Int64)}`;

/** Which hours of one day are meant: epoch ms, not none. */
export function toHours(hours: readonly number[]) {
  return { hours, from: Math.min(...hours), to: Math.max(...hours) + hourMs };
}

/** The same, with the project and what the rows that are made of the hours bear. */
export function toHoursParams(hours: readonly HourState[]) {
  return {
    project: hours[0]?.projectId ?? '',
    ...toHours(hours.map(({ hour }) => hour)),
    versions: hours.map(({ marked }) => marked),
    retained: hours.map(({ retainUntil }) => retainUntil),
    expiries: hours.map(({ firstExpiry }) => firstExpiry),
  };
}
