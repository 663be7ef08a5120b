/** What is done to one part of a stack; times in ms. */
export interface Fault {
  readonly part: 'server' | 'processor' | 'broker' | 'engine' | 'postgres' | 'redis';
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

/** Gives so many faults, the same for the same numbers; `longestMs` bounds how long a part is away. */
export function planFaults(count: number, random: () => number, longestMs: number): Fault[] {
  return Array.from({ length: count }, (_, number) => {
    const part = parts[number % parts.length] ?? 'processor';
    const how = freezable.includes(part) && random() < 0.4 ? 'freeze' : 'kill';
    return {
      part,
      which: Math.floor(random() * 12),
      how,
      awayMs: 200 + random() * (longestMs - 200),
      restMs: random() * 1_500,
    };
  });
}
