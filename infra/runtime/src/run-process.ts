import { inspect } from 'node:util';
import { AppError } from './app-error.ts';
import { type Closing, closeAll } from './shutdown.ts';

/** A process between its start and its end. */
export interface ProcessRun {
  /** What was opened, in order: closed in the reverse one at the end, however it comes. */
  readonly opened: Closing[];
  /** Ends the process with 1, after it has said why. */
  fail(error: unknown): void;
}

/**
 * Runs `start`, and the process then until SIGINT or SIGTERM, which close what was opened and end it with 0. What `start` throws,
 * and what can't be closed, is said on stderr and ends it with 1.
 */
export async function runProcess(start: (run: ProcessRun) => Promise<void>): Promise<void> {
  const opened: Closing[] = [];
  let isEnding = false;
  function end(code: number): void {
    if (isEnding) return;
    isEnding = true;
    closeAll(opened).then(
      () => process.exit(code),
      (error: unknown) => {
        process.stderr.write(`\n${inspect(error)}\n`);
        process.exit(1);
      },
    );
  }
  function fail(error: unknown): void {
    process.stderr.write(`\n${error instanceof AppError ? toText(error) : inspect(error)}\n`);
    end(1);
  }
  process.on('SIGINT', () => end(0));
  process.on('SIGTERM', () => end(0));
  await start({ opened, fail }).catch(fail);
}

/** Causes are told too: "permission denied" is what a person needs to see. */
function toText(error: Error): string {
  const cause = error.cause instanceof Error ? `\n  cause: ${toText(error.cause)}` : '';
  return `${error.message}${cause}`;
}
