import { attempt } from '../attempt.ts';

/**
 * Runs `use` while this page owns a name, by a Web Lock, which the browser frees when its page dies, however it dies.
 * `isTried` runs it only if nobody owns the name. Without locks (insecure origins, sandboxed frames) nobody owns
 * anything: events may then be sent twice, and the server keeps one. Never throws.
 */
export function own(name: string, isTried: boolean, use: () => Promise<void> | void): void {
  const { locks } = navigator;
  if (!locks) return void use();
  attempt(() => locks.request(name, { ifAvailable: isTried }, async (lock) => lock && use()).catch(() => {}));
}
