import { isAppError } from '@px-platform/runtime';
import type { EventLog, LogEntry, LogPosition } from '../../src/event-log.ts';

/** What callers did who send again what was refused, as clients do. */
export interface StubbornAppends {
  /** Where each text was acknowledged, in the order of its caller. */
  readonly acknowledged: ReadonlyMap<string, LogPosition>;
  /** Codes of the refusals, and how long the slowest append took, in ms. */
  readonly refusals: readonly string[];
  slowestMs(): number;
  /** Lets each caller end the text it is at. */
  stop(): Promise<void>;
}

/** Appends as so many callers, each text of one after the other's answer. */
export function appendStubbornly(log: EventLog, callers: number): StubbornAppends {
  const acknowledged = new Map<string, LogPosition>();
  const refusals: string[] = [];
  let slowest = 0;
  let isStopping = false;

  async function call(caller: number): Promise<void> {
    for (let turn = 0; !isStopping; turn++) {
      const text = `${caller} ${turn}`;
      while (!acknowledged.has(text)) {
        const startedAt = performance.now();
        try {
          const [position] = await log.append([{ key: `caller ${caller}`, payload: Buffer.from(text) }]);
          if (position !== null && position !== undefined) acknowledged.set(text, position);
        } catch (error) {
          if (!isAppError(error, 'log_unavailable')) throw error;
          refusals.push(error.code);
        }
        slowest = Math.max(slowest, performance.now() - startedAt);
      }
    }
  }

  const all = Promise.all(Array.from({ length: callers }, (_, caller) => call(caller)));
  return {
    acknowledged,
    refusals,
    slowestMs: () => slowest,
    async stop() {
      isStopping = true;
      await all;
    },
  };
}

/** Gives what is wrong between what was acknowledged and what is there: texts that are not where they were said to be, and callers out of order. */
export function findLosses(acknowledged: ReadonlyMap<string, LogPosition>, entries: readonly LogEntry[]): string[] {
  const found = new Map(
    entries.map(({ partition, position, payload }) => [
      `${partition}:${position}`,
      payload === null ? '' : Buffer.from(payload).toString(),
    ]),
  );
  const last = new Map<string, number>();
  const losses: string[] = [];
  for (const [text, { partition, position }] of acknowledged) {
    const there = found.get(`${partition}:${position}`);
    if (there !== text) losses.push(`${text} should be at ${partition}:${position}, where ${there ?? 'nothing'} is`);
    const [caller = ''] = text.split(' ');
    if (position <= (last.get(caller) ?? -1)) losses.push(`${text} lies before what was acknowledged before it`);
    last.set(caller, position);
  }
  return losses;
}
