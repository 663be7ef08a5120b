import { AppError, type AppErrorCode, isAppError } from './app-error.ts';

/** Something that may be away at a start, and is opened once it can be. */
export interface Late<Opened> {
  /** Gives it; opens it where nobody could yet, once for all who ask at the same time. Throws `away`. */
  reach(): Promise<Opened>;
  /** Ends the trying, and closes what was opened. One that is under way is waited for a second, and closed once it is there. */
  close(): Promise<void>;
}

/** How long a start waits for what does not answer at all, ms. */
const patienceMs = 5_000;
/** How long an end waits for it, ms. */
const endPatienceMs = 1_000;

/**
 * Opens what may be away: where `open` throws `away`, or has not answered in five seconds, it is opened as soon as somebody
 * asks for it and it can be. Throws at once what `open` throws for another reason; later that is `away` too, since nobody is
 * left to end the start.
 */
export async function openLate<Opened>(
  open: () => Promise<Opened>,
  {
    what,
    away,
    close,
    onAway = () => undefined,
    patience = patienceMs,
  }: {
    /** As a message begins: `The log`. */
    readonly what: string;
    readonly away: AppErrorCode;
    readonly close: (opened: Opened) => Promise<void>;
    /** Called once, where the start goes on without it. */
    readonly onAway?: (error: AppError) => void;
    readonly patience?: number;
  },
): Promise<Late<Opened>> {
  let opened: { readonly value: Opened } | null = null;
  let opening: Promise<Opened> | null = null;
  let isClosed = false;

  function openOnce(): Promise<Opened> {
    opening ??= open()
      .then((value) => {
        opened = { value };
        return value;
      })
      .finally(() => {
        opening = null;
      });
    return opening;
  }

  async function reach(): Promise<Opened> {
    if (opened !== null) return opened.value;
    if (isClosed) throw new AppError(away, `${what} is closed; start the process again to use it.`);
    try {
      return await openOnce();
    } catch (cause) {
      if (isAppError(cause, away)) throw cause;
      const message = cause instanceof Error ? cause.message : 'no reason is given';
      throw new AppError(away, `${what} can not be opened: ${message}`, { cause });
    }
  }

  try {
    await within(openOnce(), patience, () => new AppError(away, `${what} has not answered within ${patience} ms.`));
  } catch (error) {
    if (!isAppError(error, away)) throw error;
    onAway(error);
  }
  return {
    reach,
    async close() {
      if (isClosed) return;
      isClosed = true;
      if (opened !== null) return close(opened.value);
      const closing = opening?.then(close, () => undefined);
      if (closing !== undefined) await within(closing, endPatienceMs, () => new Error('late')).catch(() => undefined);
    },
  };
}

async function within<T>(promise: Promise<T>, ms: number, toError: () => Error): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(toError()), ms);
  // Heard of by who asks next.
  promise.catch(() => undefined);
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
