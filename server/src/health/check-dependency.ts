import type { HealthAnswer } from '@px-platform/schemas';

/** How one dependency is, as `/health` shows it. */
export type DependencyHealth = HealthAnswer['dependencies'][string];

/**
 * Runs one check and times it; `down` where it throws or has not answered within `timeoutMs`. Says
 * only that it failed: what failed is in the log, since anybody may ask. Never throws.
 */
export async function checkDependency(
  check: () => Promise<unknown>,
  options: {
    readonly timeoutMs: number;
    readonly stopwatch: () => number;
    readonly onFailure: (cause: unknown) => void;
  },
): Promise<DependencyHealth> {
  const { timeoutMs, stopwatch, onFailure } = options;
  const startedAt = stopwatch();
  const latency = () => Math.round((stopwatch() - startedAt) * 100) / 100;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<'timeout'>((resolve) => {
    timer = setTimeout(() => resolve('timeout'), timeoutMs);
  });
  try {
    const outcome = await Promise.race([check(), timeout]);
    if (outcome !== 'timeout') return { status: 'ok', latency_ms: latency() };
    return { status: 'down', latency_ms: latency(), message: `no answer within ${timeoutMs} ms` };
  } catch (cause) {
    onFailure(cause);
    return { status: 'down', latency_ms: latency(), message: 'the check failed; see the log' };
  } finally {
    clearTimeout(timer);
  }
}
