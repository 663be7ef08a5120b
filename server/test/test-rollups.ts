import type { RollupCheck, RollupRange, RollupStore } from '@px-platform/store';

/** Rollups in memory: each question how far they have come finds two hours fewer waiting. */
export interface TestRollups extends RollupStore {
  readonly rebuilt: { projectId: string; range: RollupRange }[];
  readonly checkedRanges: RollupRange[];
  found: RollupCheck;
}

/** Gives rollups of five hours that are all there. */
export function createTestRollups(): TestRollups {
  let waiting = 0;
  const rollups: TestRollups = {
    rebuilt: [],
    checkedRanges: [],
    found: { checked: 5, stale: 0, differences: [] },
    async rebuild(projectId, range) {
      rollups.rebuilt.push({ projectId, range });
      waiting = 5;
      return waiting;
    },
    async progress() {
      const progress = { hours: 5, waiting };
      waiting = Math.max(0, waiting - 2);
      return progress;
    },
    async check(_projectId, range) {
      rollups.checkedRanges.push(range);
      return rollups.found;
    },
  };
  return rollups;
}
