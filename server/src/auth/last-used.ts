import type { ControlStore } from '@px-platform/control';
import type { Clock } from '@px-platform/runtime';

const defaultFlushIntervalMs = 10_000;

/** Notes when keys were used, a write per key and interval rather than one per request. */
export interface LastUsed {
  /** Costs a map entry; never throws. */
  note(keyId: string): void;
  /** Stops the timer and writes what is left; throws `control_unavailable`. */
  close(): Promise<void>;
}

/**
 * Writes the last use of each key noted, every `flushIntervalMs` (default 10 s) and at close. Where a
 * write fails, `onError` hears of it and the uses wait for the next one. A killed process loses at
 * most one interval of uses.
 */
export function createLastUsed(options: {
  readonly control: Pick<ControlStore, 'touchKeys'>;
  readonly clock: Clock;
  readonly onError: (cause: unknown) => void;
  readonly flushIntervalMs?: number;
}): LastUsed {
  const { control, clock, onError, flushIntervalMs = defaultFlushIntervalMs } = options;
  let uses = new Map<string, number>();
  let flushing: Promise<void> = Promise.resolve();

  async function write(): Promise<void> {
    if (uses.size === 0) return;
    const written = uses;
    uses = new Map();
    try {
      await control.touchKeys(Array.from(written, ([id, at]) => ({ id, at: new Date(at) })));
    } catch (cause) {
      uses = new Map([...written, ...uses]);
      throw cause;
    }
  }

  const timer = setInterval(() => {
    flushing = flushing.then(write).catch(onError);
  }, flushIntervalMs);
  timer.unref();

  return {
    note(keyId) {
      uses.set(keyId, clock());
    },
    async close() {
      clearInterval(timer);
      await flushing;
      await write();
    },
  };
}
