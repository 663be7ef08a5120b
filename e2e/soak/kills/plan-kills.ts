import type { PartMoment } from './watch-parts.ts';

/** Which process is killed: `server` takes requests and holds the log, `processor` holds the engine. */
export type KillKind = 'server' | 'processor' | 'both';

/** What a kill waits for: nothing but a delay, a request that goes out, or a moment of storing a batch. */
export type KillAim = 'random' | 'append' | PartMoment;

/** One kill to come. */
export interface PlannedKill {
  readonly kind: KillKind;
  readonly aim: KillAim;
  /** From what it waits for to the kill. */
  readonly delayMs: number;
}

/** The processor alone twice: it is back sooner, and most of what can go wrong is in its cycle. */
const kinds: readonly KillKind[] = ['server', 'processor', 'both', 'processor'];
const aims: readonly KillAim[] = ['random', 'append', 'insert_begun', 'inserted', 'derive_begun', 'derived'];
/** About as long as a batch takes from the read to the commit, and what an aim is missed by at most. */
const delays = { random: 1_500, aimed: 8 };

/**
 * Plans kills of every kind at every aim, in rounds, in an order drawn by `random` (0 <= n < 1). The
 * processor appends nothing: that pair is one at random.
 */
export function planKills(count: number, random: () => number): PlannedKill[] {
  const pairs = kinds.flatMap((kind) => aims.map((aim) => ({ kind, aim })));
  const planned: PlannedKill[] = [];
  while (planned.length < count) {
    const round = pairs.map((pair) => ({ pair, place: random() })).sort((a, b) => a.place - b.place);
    for (const { pair } of round) {
      const aim = pair.kind === 'processor' && pair.aim === 'append' ? 'random' : pair.aim;
      planned.push({ kind: pair.kind, aim, delayMs: random() * (aim === 'random' ? delays.random : delays.aimed) });
    }
  }
  return planned.slice(0, count);
}
