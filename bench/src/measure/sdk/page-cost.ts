import type { DriveResult } from '../../page/drive.ts';
import { type Task, toTasksBetween } from '../../page/trace.ts';

/** What one page of one contestant told. */
export interface PageCost {
  readonly trackUs: readonly number[];
  readonly initMs: number;
  /** Per event, from the first call until all was sent and quiet. */
  readonly taskUs: number;
  readonly taskCpuUs: number;
  readonly longestStartMs: number;
  readonly longestLoopMs: number;
  readonly bytesPerEvent: number;
  readonly requests: number;
  readonly preflights: number;
  readonly arrived: number;
}

/** Reads from one page's trace what its `events` calls of `track` cost. */
export function toPageCost({ trace, arrived, callUs, scriptUrl }: DriveResult, events: number): PageCost {
  const started = toTasksBetween(trace, 'bench:load', 'bench:loop');
  const looped = toTasksBetween(trace, 'bench:loop', 'bench:end');
  return {
    trackUs: callUs,
    initMs: (trace.scripts.get(scriptUrl) ?? Number.NaN) / 1_000,
    taskUs: sum(looped, ({ us }) => us) / events,
    taskCpuUs: sum(looped, ({ cpuUs }) => cpuUs) / events,
    longestStartMs: Math.max(...started.map(({ us }) => us)) / 1_000,
    longestLoopMs: Math.max(...looped.map(({ us }) => us)) / 1_000,
    bytesPerEvent: arrived.bodyBytes / events,
    requests: arrived.requests,
    preflights: arrived.preflights,
    arrived: arrived.marks.size,
  };
}

function sum(tasks: readonly Task[], of: (task: Task) => number): number {
  return tasks.reduce((total, task) => total + of(task), 0);
}
