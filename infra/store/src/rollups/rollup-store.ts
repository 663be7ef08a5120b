import type { RollupDimension } from './dimensions.ts';

/** A time of a project, epoch ms, `to` exclusive; the hours that it touches are meant. */
export interface RollupRange {
  readonly from: number;
  readonly to: number;
}

/** How far the rollup has come: hours that are over and hold events, and how many of these wait to be made. */
export interface RollupProgress {
  readonly hours: number;
  readonly waiting: number;
}

/**
 * A count that the rollup and the events tell differently; `hour` is epoch ms. Of `session`: how many stays only the events tell of
 * (`stored`), and how many only the rollup does.
 */
export interface RollupDifference {
  readonly hour: number;
  readonly dimension: RollupDimension | 'session';
  readonly event: string;
  readonly value: string;
  readonly stored: number;
  readonly rolled: number;
}

/** What a check found: hours compared, hours left out since they are stale, and the first 100 differences. */
export interface RollupCheck {
  readonly checked: number;
  readonly stale: number;
  readonly differences: readonly RollupDifference[];
}

/** Rollups as an operator sees them. Each method throws `store_unavailable`, and `query_over_budget` where a day is too much. */
export interface RollupStore {
  /**
   * Has the hours made anew from the events, and gives how many; questions read the events until they are. Whoever changes
   * or deletes events calls it afterwards. Is kept through a restart.
   */
  rebuild(projectId: string, range: RollupRange): Promise<number>;
  progress(projectId: string, range: RollupRange): Promise<RollupProgress>;
  /** Compares the rollup and the sessions by hour with the events they were made from, day by day. */
  check(projectId: string, range: RollupRange): Promise<RollupCheck>;
}

/** How long rounds go on, and who hears of a day that could not be made: it is tried again in the next. */
export interface RollupRound {
  readonly aborted: AbortSignal;
  readonly onError: (error: unknown) => void;
}

/** Makes rollups of what is stored, one round after the other. */
export interface RollupMaker {
  /** Makes what is stale of hours that are over, once, and gives how many; ends after a whole day where it is aborted. */
  makeRound(round: RollupRound): Promise<number>;
  /** Makes rounds, `intervalMs` apart or when a rebuild is asked for, until it is aborted. Never rejects. */
  keep(options: RollupRound & { readonly intervalMs: number }): Promise<void>;
}
