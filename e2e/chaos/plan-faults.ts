/** What is done to one part of a stack; times in ms. */
export interface Fault {
  /** `brokers` are all of them at once. */
  readonly part: 'server' | 'processor' | 'broker' | 'brokers' | 'engine' | 'postgres' | 'redis';
  /** Which of its kind; taken modulo their number. */
  readonly which: number;
  /** A frozen part keeps its connections and answers nothing. */
  readonly how: 'kill' | 'freeze';
  /** How long it is away. */
  readonly awayMs: number;
  /** Until the next fault. */
  readonly restMs: number;
}

/** By turns, so that a short run meets each; processors and servers, whose state is ours, more often. */
const parts: readonly Fault['part'][] = [
  'processor',
  'server',
  'broker',
  'processor',
  'engine',
  'server',
  'processor',
  'redis',
  'broker',
  'postgres',
];
const freezable: readonly Fault['part'][] = ['server', 'processor', 'broker', 'redis'];

/** Gives faults without end, the same for the same numbers; `longestMs` bounds how long a part is away. */
export function* planFaults(random: () => number, longestMs: number): Generator<Fault> {
  for (let number = 0; ; number += 1) {
    const part = parts[number % parts.length] ?? 'processor';
    const how = freezable.includes(part) && random() < 0.4 ? 'freeze' : 'kill';
    yield {
      part,
      which: Math.floor(random() * 12),
      how,
      awayMs: 200 + random() * (longestMs - 200),
      restMs: random() * 1_500,
    };
  }
}

/** Gives the first faults of a plan. */
export function* takeFaults(plan: Iterable<Fault>, count: number): Generator<Fault> {
  let left = count;
  for (const fault of plan) {
    if (left === 0) return;
    left -= 1;
    yield fault;
  }
}
