/**
 * How long a purge beside other processors waits between its tombstones and its deletions, ms: the others look for tombstones each
 * second while they make batches, and a batch takes less than the rest, unless the store hangs. What comes later is told by `purgeLateRows`.
 */
export const purgeSettleMs = 5_000;
