import type { After, Clock } from '../src/ports.ts';

/** A clock that stands until it is moved, and the timers on it. */
export interface FakeTime {
  readonly clock: Clock;
  readonly after: After;
  /** Moves the clock, running what falls due in order, and lets promises settle between. */
  advance(ms: number): Promise<void>;
  /** Waits, in ms, of the timers set so far. */
  readonly waits: number[];
}

/** Builds a clock that stands at `startAt`, in epoch ms. */
export function createFakeTime(startAt = Date.parse('2026-03-01T12:00:00Z')): FakeTime {
  let now = startAt;
  let timers: { at: number; run: () => void }[] = [];
  const waits: number[] = [];
  const settle = async () => {
    for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
  };
  return {
    clock: () => now,
    after: (ms, run) => {
      const timer = { at: now + ms, run };
      waits.push(ms);
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    advance: async (ms) => {
      const until = now + ms;
      await settle();
      for (;;) {
        const [due] = timers.filter((timer) => timer.at <= until).sort((one, other) => one.at - other.at);
        if (!due) break;
        timers = timers.filter((timer) => timer !== due);
        now = Math.max(now, due.at);
        due.run();
        await settle();
      }
      now = until;
    },
    waits,
  };
}
