import type { Statement } from '../../statement.ts';
import type { Made, Run } from './stale-runs.ts';

/** A question that can be answered by what is made of hours: from which of it, in which time, and how to ask it. */
export interface Rollable extends Run {
  readonly made: Made;
  /** Instants that may lie within an hour of the time: such an hour is read from `events`. */
  readonly cuts: readonly number[];
  /** Whether its statement begins with `toJoined`. */
  readonly namesPersons: boolean;
  /** Gives its statement, where these runs are read from `events`. */
  toStatement(projectId: string, runs: readonly Run[], only?: readonly string[]): Statement;
}

/** Before, zones were not whole hours from UTC, and the engine's hours of instants before 1970 are others. */
const earliest = Date.UTC(1980, 0, 1);
const latest = Date.UTC(2100, 0, 1);

/** Whether the hours of a time are those of the engine. */
export function isRollableTime({ from, to }: Run): boolean {
  return from >= earliest && to <= latest;
}
