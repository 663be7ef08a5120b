/** Asks until the answer is true, every `everyMs`, at most `timeoutMs`; says whether it came to be. */
export async function becomesTrue(
  isTrue: () => boolean | Promise<boolean>,
  timeoutMs: number,
  everyMs = 50,
): Promise<boolean> {
  for (const until = performance.now() + timeoutMs; ; ) {
    if (await isTrue()) return true;
    if (performance.now() > until) return false;
    await pause(everyMs);
  }
}

/** As `becomesTrue`, but throws where it does not, naming what was waited for. */
export async function waitFor(
  what: string,
  isTrue: () => boolean | Promise<boolean>,
  timeoutMs = 30_000,
  everyMs?: number,
): Promise<void> {
  if (!(await becomesTrue(isTrue, timeoutMs, everyMs))) throw new Error(`Waited ${timeoutMs} ms in vain for ${what}.`);
}

/** Lets time pass: for a stretch that a scenario is made of, never as proof. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
