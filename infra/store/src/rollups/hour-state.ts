/**
 * What is known of one hour of a project; `hour` is epoch ms, days are `YYYY-MM-DD`. The hour is stale where `marked` is
 * above `built`, and its sessions where it is above `sessionsBuilt`.
 */
export interface HourState {
  readonly projectId: string;
  readonly hour: number;
  /** Grows whenever rows of the hour were stored or taken away. */
  readonly marked: number;
  /** The mark up to which somebody began to make the rollup: who marks the hour later must go above. */
  readonly taken: number;
  /** The mark up to which the rollup holds what is stored. */
  readonly built: number;
  /** As `built` where the hour has more different counts than a row is given: it is read from `events`. */
  readonly broad: number;
  /** As `built`, of the hour's sessions: below it in hours that were made before sessions were. */
  readonly sessionsBuilt: number;
  /** As `sessionsBuilt` where the hour has more stays than a row is given. */
  readonly crowded: number;
  /** When its first event may go by TTL: from then on it is read from `events`. */
  readonly firstExpiry: string;
  readonly retainUntil: string;
}

/** Columns of a select of whole hours, in the order in which `parseHourState` reads them. */
export const hourStateColumns =
  'project_id, toUnixTimestamp64Second(hour) * 1000, max(marked), max(taken), max(built), max(broad), max(sessions_built), max(crowded), toString(min(first_expiry)), toString(max(retain_until))';

/** Reads a row of `hourStateColumns`. */
export function parseHourState(row: readonly unknown[]): HourState {
  const [projectId, hour, marked, taken, built, broad, sessionsBuilt, crowded, firstExpiry, retainUntil] = row;
  return {
    projectId: String(projectId),
    hour: Number(hour),
    marked: Number(marked),
    taken: Number(taken),
    built: Number(built),
    broad: Number(broad),
    sessionsBuilt: Number(sessionsBuilt),
    crowded: Number(crowded),
    firstExpiry: String(firstExpiry),
    retainUntil: String(retainUntil),
  };
}
