import type { Clock } from '@px-platform/runtime';

/** Where `replay` runs, and what it writes to. */
export interface ReplayWorld {
  readonly env: NodeJS.ProcessEnv;
  readonly folder: string;
  readonly writeOut: (text: string) => void;
  readonly writeError: (text: string) => void;
  /** Whether standard error is a terminal, where a line may be drawn again in its place. */
  readonly isTerminal: boolean;
  readonly clock: Clock;
  readonly wait: (ms: number) => Promise<unknown>;
}
