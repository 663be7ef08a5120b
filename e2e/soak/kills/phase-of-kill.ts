import type { PartMoment } from './watch-parts.ts';

/** Where in the processor's cycle a kill fell, in the order of the cycle. */
export const killPhases = [
  'before insert: a batch read or made, nothing of it stored',
  'amid insert: a part begun, and not all of the batch stored',
  'after insert, sessions not derived',
  'amid derive: a part of sessions begun',
  'after derive, before commit',
] as const;

/** One of `killPhases`. */
export type KillPhase = (typeof killPhases)[number];

/**
 * Tells where a kill fell, by what it left: `heldRows` is what the next processor found above the committed position, `last`
 * what the engine was last seen to do on its disk.
 */
export function phaseOfKill({ heldRows, last }: { heldRows: number; last: PartMoment | null }): KillPhase {
  const [before, amidInsert, inserted, amidDerive, derived] = killPhases;
  if (last === 'insert_begun') return amidInsert;
  if (heldRows === 0) return before;
  if (last === 'inserted') return inserted;
  return last === 'derive_begun' ? amidDerive : derived;
}
