/** What is done to one part of a stack; times in ms. */
export interface Fault {
  /** `brokers` are all of them at once. */
  readonly part: 'server' | 'processor' | 'broker' | 'brokers' | 'engine' | 'postgres' | 'redis';
  /** Which of its kind; taken modulo their number. */
  readonly which: number;
  /**
   * A frozen part keeps its connections and answers nothing. One that is cut off goes on, and what it sends and is sent vanishes; of
   * one that is mute its answers alone, so that it does what it is asked. A server and a processor are cut off from the brokers
   * and from nobody else, and where they are mute, it is the brokers' answers that vanish. Brokers that are rolled are asked to end and
   * started again, each once the one before is in sync.
   */
  readonly how: 'kill' | 'freeze' | 'cut off' | 'mute' | 'roll';
  /** How long it is away; of brokers that are rolled, each. */
  readonly awayMs: number;
  /** Until the next fault. */
  readonly restMs: number;
}

/** By turns, so that a short run meets each; processors and servers, whose state is ours, more often. */
const turns: readonly (readonly [part: Fault['part'], given: 'cut off' | 'mute' | 'roll' | null])[] = [
  ['processor', null],
  ['broker', 'cut off'],
  ['server', null],
  ['broker', null],
  ['processor', 'cut off'],
  ['processor', null],
  ['engine', null],
  ['engine', 'mute'],
  ['brokers', 'roll'],
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
    const [part, given] = turns[number % turns.length] ?? ['processor', null];
    const how = random() < 0.4 ? 'freeze' : 'kill';
    const which = Math.floor(random() * 12);
    const isCut = given === 'cut off' || given === 'mute';
    const awayMs = isCut ? longestMs + random() * longestMs * (longerCut - 1) : 200 + random() * (longestMs - 200);
    yield { part, which, how: given ?? how, awayMs, restMs: random() * 1_500 };
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
