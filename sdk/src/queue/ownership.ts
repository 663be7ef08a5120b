/** Says which page owns which queue, so that one page alone takes over what another left behind. Never throws. */
export interface Ownership {
  /** Owns the queue until `letGo`, or until the page ends. */
  hold(queueId: string): void;
  letGo(): void;
  /** Runs `take` if no page owns the queue, and keeps others from it meanwhile. */
  ifOrphaned(queueId: string, take: () => void): void;
}

/**
 * Builds ownership on Web Locks: the browser frees a lock when its page dies, however it dies. Where there are none
 * (insecure origins), every queue counts as orphaned: events may then be sent twice, and the server keeps one.
 */
export function createOwnership(locks: Pick<LockManager, 'request'> | undefined, namePrefix: string): Ownership {
  let release = () => {};
  return {
    hold: (queueId) => {
      const held = new Promise<void>((resolve) => {
        release = resolve;
      });
      locks?.request(`${namePrefix}${queueId}`, () => held).catch(ignoreDenial);
    },
    letGo: () => release(),
    ifOrphaned: (queueId, take) => {
      if (!locks) return take();
      locks
        .request(`${namePrefix}${queueId}`, { ifAvailable: true }, async (lock) => {
          if (lock) take();
        })
        .catch(ignoreDenial);
    },
  };
}

/** A sandboxed page may not lock; its storage is denied too, so there is nothing to own. */
function ignoreDenial(): void {}
