/** A statement is most of what an idle processor costs. It must be far less than what a look back makes good. */
const idleLooks = 5;

/** Says when tombstones are to be read that another processor may have set. */
export interface TombstonePace {
  /** Asked at each look, with how many batches were made so far. */
  isDue(batches: number): boolean;
  /** They were read when so many batches had been made. */
  readAt(batches: number): void;
}

/**
 * Builds the pace of who has just read them: at each look while batches are made, at each fifth while none is. A batch that is made
 * before the next look may miss a tombstone; `purgeLateRows` finds it then.
 */
export function createTombstonePace(): TombstonePace {
  let read = 0;
  let looks = 0;
  return {
    isDue(batches) {
      looks += 1;
      return batches > read || looks >= idleLooks;
    },
    readAt(batches) {
      read = batches;
      looks = 0;
    },
  };
}
