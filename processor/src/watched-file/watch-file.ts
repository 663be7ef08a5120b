import { type AppErrorCode, isAppError, type Logger } from '@px-platform/runtime';

/** What became of a file that was to be read: it is in use, or was broken and the one before stays. */
export type FileLoadOutcome = 'loaded' | 'refused';

/** What a file holds, in memory, as long as the file is followed. */
export interface WatchedFile<T> {
  current(): T;
  /** Grows when another file has taken the place of the one before. */
  revision(): number;
  /** Looks at the file, and reads it where it has changed. One look at a time. Never throws. */
  check(): Promise<void>;
}

/**
 * Reads the file at `path`, and again when it has changed: at the second look that finds the same change, so that a file
 * still being copied is left to its writer. What `read` gives takes the place of the one before at once; where it throws an
 * `AppError` of `code`, the one before stays (`none` where there was none), it is warned of once and counted as refused.
 * `readStamp` gives a text that another content, time or file changes; '' for no file.
 */
export async function watchFile<T>(options: {
  path: string;
  none: T;
  read: () => Promise<T>;
  code: AppErrorCode;
  readStamp: (path: string) => Promise<string>;
  count: (outcome: FileLoadOutcome) => void;
  /** Hears of each reading after the first. */
  onReplaced: (value: T) => void;
  logger: Pick<Logger, 'warn'>;
}): Promise<WatchedFile<T>> {
  const { path, none, read, code, readStamp, count, onReplaced, logger } = options;
  let current = none;
  let revision = 0;
  let seen = await readStamp(path);
  let settling: string | null = null;
  let checking: Promise<void> | null = null;

  async function load(): Promise<void> {
    try {
      current = await read();
      revision += 1;
      count('loaded');
    } catch (error) {
      if (!isAppError(error, code)) throw error;
      count('refused');
      logger.warn({ code: error.code, err: error }, error.message);
    }
  }

  async function look(): Promise<void> {
    const found = await readStamp(path);
    if (found === seen) {
      settling = null;
      return;
    }
    if (found !== settling) {
      settling = found;
      return;
    }
    seen = found;
    settling = null;
    const before = revision;
    await load();
    if (revision > before) onReplaced(current);
  }

  await load();
  return {
    current: () => current,
    revision: () => revision,
    async check() {
      checking ??= look().finally(() => {
        checking = null;
      });
      await checking;
    },
  };
}
