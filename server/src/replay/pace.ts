import type { Clock } from '@px-platform/runtime';

/** Gives what waits until `count` more things keep to `perSecond`, counted from its first call. Time that was lost is not made up for. */
export function createPace(
  perSecond: number,
  { clock, wait }: { readonly clock: Clock; readonly wait: (ms: number) => Promise<unknown> },
): (count: number) => Promise<void> {
  let freeAt = Number.NEGATIVE_INFINITY;
  return async (count) => {
    const now = clock();
    freeAt = Math.max(freeAt, now) + (count / perSecond) * 1_000;
    if (freeAt > now) await wait(freeAt - now);
  };
}
