import { setTimeout as wait } from 'node:timers/promises';

/** Waits `ms`, or until the signal is aborted, whichever is first. Never throws. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await wait(ms, undefined, { signal }).catch(() => undefined);
}
