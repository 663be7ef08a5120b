import { attempt } from './attempt.ts';
import { settings } from './settings.ts';

/** How often what happened, by reason. */
export const tally: Record<string, number> = {};

/** Tells who listens: `onDiagnostic`, or with `debug` the console. Never throws: the listener is the page's. */
export function tell(reason: string, detail: unknown): void {
  // biome-ignore lint/suspicious/noConsole: what debug asks for.
  const listener = settings.onDiagnostic ?? (settings.debug ? console.debug : undefined);
  attempt(() => listener?.(`px: ${reason}`, detail));
}

/** Counts what happened under a name, and tells who listens. */
export function count(reason: string, times = 1, detail: unknown = times): void {
  if (!times) return;
  tally[reason] = (tally[reason] ?? 0) + times;
  tell(reason, detail);
}

/** Gives the same function, which never throws into its caller; a failure counts as `sdk_error`. */
export function guard<A extends unknown[], T>(run: (...args: A) => T): (...args: A) => T | undefined {
  return (...args) =>
    attempt(
      () => run(...args),
      (error) => count('sdk_error', 1, error),
    );
}

/** Tells the page's developer of a mistake: nothing would arrive, and nowhere else would say why. */
export function warn(message: string): void {
  // biome-ignore lint/suspicious/noConsole: the console is the only place this mistake can show.
  attempt(() => console.error(`PX: ${message}`));
}

/** Runs once, in ms from now; the answer goes to `clearTimeout`. */
export function after(ms: number, run: () => void): number {
  return window.setTimeout(guard(run), ms);
}
