import type { Clock } from '@px-platform/runtime';

/** How far a replay has come. */
export interface Progress {
  /** `done` of `total`, in what is measured; `note` says more, such as events. */
  show(at: { readonly done: number; readonly total: number; readonly note: string }): void;
  /** Leaves the last line as it is. */
  end(): void;
}

const terminalEveryMs = 100;
const logEveryMs = 10_000;
const barLength = 30;

/** Draws one line, again and again in its place on a terminal; elsewhere writes one every 10 s. */
export function createProgress(world: {
  readonly writeError: (text: string) => void;
  readonly isTerminal: boolean;
  readonly clock: Clock;
}): Progress {
  const { writeError, isTerminal, clock } = world;
  const startedAt = clock();
  let nextAt = isTerminal ? startedAt : startedAt + logEveryMs;
  let isDrawn = false;

  return {
    show({ done, total, note }) {
      const now = clock();
      const isWhole = isTerminal && done >= total;
      if (now < nextAt && !isWhole) return;
      nextAt = now + (isTerminal ? terminalEveryMs : logEveryMs);
      const share01 = total === 0 ? 1 : Math.min(1, done / total);
      const filled = Math.round(share01 * barLength);
      const bar = `${'#'.repeat(filled)}${'-'.repeat(barLength - filled)}`;
      const leftMs = share01 === 0 ? 0 : ((now - startedAt) * (1 - share01)) / share01;
      const line = `[${bar}] ${Math.floor(share01 * 100)} %  ${note}  ${Math.ceil(leftMs / 1_000)} s left`;
      writeError(isTerminal ? `\r${line}\u001b[K` : `${line}\n`);
      isDrawn = isTerminal;
    },
    end() {
      if (isDrawn) writeError('\n');
    },
  };
}
