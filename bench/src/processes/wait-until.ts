/** Asks until the answer is true; throws after `timeoutMs`, naming what was waited for. */
export async function waitUntil(what: string, timeoutMs: number, isTrue: () => Promise<boolean>): Promise<void> {
  for (const until = Date.now() + timeoutMs; Date.now() < until; ) {
    if (await isTrue()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`Waited ${timeoutMs} ms in vain until ${what}.`);
}
