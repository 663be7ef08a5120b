import { setTimeout as wait } from 'node:timers/promises';
import { isAppError } from '@px-platform/runtime';

/** Doubled at each try, since the engine says on stderr each time that it can't. */
const firstPauseMs = 50;

/**
 * Opens a folder; where another process has it, tries again for `patienceMs` (3,000) at most. Of a standalone that
 * was killed, this process's forerunner ends a moment later than the one that a supervisor watches. Throws what
 * `open` throws.
 */
export async function whenFree<Opened>(open: () => Promise<Opened>, patienceMs = 3_000): Promise<Opened> {
  for (let pauseMs = firstPauseMs; ; pauseMs *= 2) {
    try {
      return await open();
    } catch (error) {
      if (!isAppError(error, 'data_dir_in_use') || pauseMs > patienceMs / 2) throw error;
    }
    await wait(pauseMs);
  }
}
