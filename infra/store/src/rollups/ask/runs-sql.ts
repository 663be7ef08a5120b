import { hourMs, toHour, toHourSql } from '../hour.ts';
import type { Run } from './stale-runs.ts';

/** Conditions that share the hours of a time between what is made of them and their events, so that each is read from one of the two. */
export interface RunsSql {
  /** On an hour that is made: `hour` lies in the time and in no run. */
  readonly made: string;
  /** On an event: it lies in a run. */
  readonly fresh: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** Gives them for a time (epoch ms, `to` exclusive) and the runs in it that are read from the events. */
export function toRunsSql({ from, to }: Run, runs: readonly Run[]): RunsSql {
  const notOf = runs.map(
    (_, at) => `\n      AND NOT (hour >= ${toHourSql(`run${at}_hour`)} AND hour < ${toHourSql(`run${at}_end`)})`,
  );
  const fresh = runs.map(
    (_, at) =>
      `(timestamp >= fromUnixTimestamp64Milli({run${at}_from:Int64}) AND timestamp < fromUnixTimestamp64Milli({run${at}_to:Int64}))`,
  );
  const params: Record<string, unknown> = { first: toHour(from), end: to };
  for (const [at, run] of runs.entries()) {
    params[`run${at}_hour`] = toHour(run.from);
    params[`run${at}_from`] = run.from;
    params[`run${at}_to`] = run.to;
    params[`run${at}_end`] = toHour(run.to - 1) + hourMs;
  }
  return {
    made: `hour >= ${toHourSql('first')} AND hour < ${toHourSql('end')}${notOf.join('')}`,
    fresh: `(${fresh.join(' OR ')})`,
    params,
  };
}
