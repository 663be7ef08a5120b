import { setTimeout } from 'node:timers/promises';
import type { Clock } from '@px-platform/runtime';
import type { Engine } from '../engine.ts';
import { toHour } from './hour.ts';
import { checkDay } from './make/check-day.ts';
import { markAllHours, selectProgress } from './make/rebuild-hours.ts';
import { remakeDay } from './make/remake-day.ts';
import { findStaleDays } from './make/stale-days.ts';
import type { RollupCheck, RollupMaker, RollupStore } from './rollup-store.ts';

const dayMs = 24 * 60 * 60 * 1_000;
/** An hour is made this long after its end: most of its late events have come by then. */
const settleMs = 10 * 60 * 1_000;
/** Between two days it waits this many times as long as the day took: making takes a quarter of a core at most. */
const restRatio = 3;
const maxDifferences = 100;

/** Waits; no longer where it is aborted. */
type Rest = (ms: number, aborted: AbortSignal) => Promise<void>;

/** Rollups on ClickHouse, over a connection of their own: making a day holds up neither an insert nor a question. */
export function createClickHouseRollupStore(
  engine: Engine,
  clock: Clock,
  rest: Rest = restFor,
): RollupStore & RollupMaker {
  let wake = new AbortController();
  const toBefore = (): number => toHour(clock() - settleMs);
  const readProgress = async (...[projectId, range]: Parameters<RollupStore['progress']>) => {
    const [counts = []] = (await engine.ask(selectProgress(projectId, range, toBefore()))).rows;
    return { hours: Number(counts[0] ?? 0), waiting: Number(counts[1] ?? 0) };
  };
  const maker: RollupMaker = {
    async makeRound({ aborted, onError }) {
      let hours = 0;
      for (const day of await findStaleDays(engine, toBefore())) {
        if (aborted.aborted) break;
        const startedAt = performance.now();
        // One day that can't be made must not hold the others up.
        hours += await remakeDay(engine, day, toBefore()).catch((error: unknown) => {
          onError(error);
          return 0;
        });
        await rest(restRatio * (performance.now() - startedAt), aborted);
      }
      return hours;
    },
    async keep({ intervalMs, aborted, onError }) {
      while (!aborted.aborted) {
        wake = new AbortController();
        await maker.makeRound({ aborted, onError }).catch(onError);
        await rest(intervalMs, AbortSignal.any([aborted, wake.signal]));
      }
    },
  };
  return {
    ...maker,
    async rebuild(projectId, range) {
      await engine.run(markAllHours(projectId, range, clock()));
      wake.abort();
      return (await readProgress(projectId, range)).waiting;
    },
    progress: readProgress,
    async check(projectId, range) {
      let found: RollupCheck = { checked: 0, stale: 0, differences: [] };
      for (let from = range.from; from < range.to; ) {
        const to = Math.min(range.to, Math.floor(from / dayMs) * dayMs + dayMs);
        const day = await checkDay(engine, projectId, { from: toHour(from), to });
        found = {
          checked: found.checked + day.checked,
          stale: found.stale + day.stale,
          differences: [...found.differences, ...day.differences].slice(0, maxDifferences),
        };
        from = to;
      }
      return found;
    },
  };
}

const restFor: Rest = (ms, aborted) => setTimeout(ms, undefined, { signal: aborted }).catch(() => undefined);
