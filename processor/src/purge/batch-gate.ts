/** Lets batches through one way, and none while a person is removed: what is deleted then is all there is. */
export interface BatchGate {
  /** Waits until the gate is open, then counts a batch as under way; false where `aborted` came first. */
  enter(aborted: AbortSignal): Promise<boolean>;
  /** How many batches have entered so far. */
  entered(): number;
  /** A batch that entered is stored and committed. */
  leave(): void;
  /** Shuts the gate and waits for the batches under way; false, and open again, where `aborted` came first. */
  close(aborted: AbortSignal): Promise<boolean>;
  open(): void;
}

/** Builds an open gate. */
export function createBatchGate(): BatchGate {
  let underWay = 0;
  let entered = 0;
  let opening: PromiseWithResolvers<void> | null = null;
  let emptied: PromiseWithResolvers<void> | null = null;

  function open(): void {
    opening?.resolve();
    opening = null;
    emptied = null;
  }

  return {
    async enter(aborted) {
      while (opening !== null) if (!(await unlessAborted(opening.promise, aborted))) return false;
      underWay += 1;
      entered += 1;
      return true;
    },
    entered: () => entered,
    leave() {
      underWay -= 1;
      if (underWay === 0) emptied?.resolve();
    },
    async close(aborted) {
      opening = Promise.withResolvers();
      emptied = Promise.withResolvers();
      if (underWay === 0 || (await unlessAborted(emptied.promise, aborted))) return true;
      open();
      return false;
    },
    open,
  };
}

async function unlessAborted(promise: Promise<void>, aborted: AbortSignal): Promise<boolean> {
  if (aborted.aborted) return false;
  const heard = Promise.withResolvers<void>();
  const onAbort = (): void => heard.resolve();
  aborted.addEventListener('abort', onAbort, { once: true });
  await Promise.race([promise, heard.promise]);
  aborted.removeEventListener('abort', onAbort);
  return !aborted.aborted;
}
