import type { Ground } from '../src/ports.ts';

/** A ground on the timers of the test, with what it counted and a way to fire events at listeners. */
export interface TestGround extends Ground {
  readonly counts: Record<string, number>;
  readonly fire: (type: string) => void;
}

/** Builds the ground; time is vitest's. */
export function createTestGround(): TestGround {
  const counts: Record<string, number> = {};
  const listeners: { type: string; run: () => void }[] = [];
  let serial = 0;
  return {
    now: () => Date.now(),
    newId: () => `01890000-0000-7000-8000-${String(++serial).padStart(12, '0')}`,
    after: (ms, run) => Number(setTimeout(run, ms)),
    count: (name, times = 1) => {
      counts[name] = (counts[name] ?? 0) + times;
    },
    listen: (_, types, run) => {
      for (const type of types.split(' ')) listeners.push({ type, run: () => Reflect.apply(run, null, [{ type }]) });
    },
    counts,
    fire: (type) => {
      for (const listener of listeners) if (listener.type === type) listener.run();
    },
  };
}
