/** What is done to one part of a stack; times in ms. */
export interface Fault {
  /** `brokers` are all of them at once. */
  readonly part: 'server' | 'processor' | 'broker' | 'brokers' | 'engine' | 'postgres' | 'redis';
  /** Which of its kind; taken modulo their number. */
  readonly which: number;
  /**
   * A frozen part keeps its connections and answers nothing. One that is cut off goes on, and what it sends and is sent vanishes; of
   * one that is mute its answers alone, so that it does what it is asked. A server and a processor are cut off from the brokers
   * and from nobody else, and where they are mute, it is the brokers' answers that vanish.
   */
  readonly how: 'kill' | 'freeze' | 'cut off' | 'mute';
  /** How long it is away. */
  readonly awayMs: number;
  /** Until the next fault. */
  readonly restMs: number;
}

/** By turns, so that a short run meets each; processors and servers, whose state is ours, more often. */
const turns: readonly (readonly [part: Fault['part'], line: 'cut off' | 'mute' | null])[] = [
  ['processor', null],
  ['broker', 'cut off'],
  ['server', null],
  ['broker', null],
  ['processor', 'cut off'],
  ['processor', null],
  ['engine', null],
  ['engine', 'mute'],
  ['server', null],
  ['processor', null],
  ['redis', null],
  ['broker', 'mute'],
  ['broker', null],
  ['postgres', null],
  ['server', 'cut off'],
  ['engine', 'cut off'],
  ['redis', 'cut off'],
  ['postgres', 'cut off'],
  ['processor', 'mute'],
  ['postgres', 'mute'],
];
/** Lines are cut for longer: what nobody refuses is only noticed when patience ends, of sessions and of requests. */
const longerCut = 3;

/** Gives faults without end, the same for the same numbers; `longestMs` bounds how long a part is away, thrice of it a cut. */
export function* planFaults(random: () => number, longestMs: number): Generator<Fault> {
  for (let number = 0; ; number += 1) {
    const [part, line] = turns[number % turns.length] ?? ['processor', null];
    const how = random() < 0.4 ? 'freeze' : 'kill';
    const which = Math.floor(random() * 12);
    const awayMs =
      line === null ? 200 + random() * (longestMs - 200) : longestMs + random() * longestMs * (longerCut - 1);
    yield { part, which, how: line ?? how, awayMs, restMs: random() * 1_500 };
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
