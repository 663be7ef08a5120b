import type { GroupReader, LogGroup, LogMember, LogReader } from '@px-platform/log';
import { isAppError, type Logger } from '@px-platform/runtime';
import type { ConsumeSignals } from './consume-signals.ts';
import type { ProcessorMetrics } from './metrics.ts';
import { pause } from './pause.ts';
import { retrying } from './retrying.ts';
import { waitOut } from './wait-out.ts';

/** After so long, what is under way when partitions are taken away is abandoned: whoever has them stores it under the same name. */
const defaultLetGoMs = 10_000;

/** What is done with a reader until the signals end it. */
export type ReaderWork = (reader: LogReader | GroupReader, signals: ConsumeSignals) => Promise<void>;

/**
 * Works off a log until it is time to end: all of it by one reader, or as a member of a group what is assigned, generation by
 * generation. A member that is to stop drains nothing: it ends the batches under way, and others take the rest over. Rejects
 * where the work fails, or the group can't go on.
 */
export async function consumeLog(
  log: LogReader | LogGroup,
  signals: ConsumeSignals,
  deps: { readonly logger: Logger; readonly metrics: ProcessorMetrics; readonly letGoMs?: number },
  work: ReaderWork,
): Promise<void> {
  if (!('join' in log)) return work(log, signals);
  const { logger, letGoMs = defaultLetGoMs } = deps;
  const failed = Promise.withResolvers<never>();
  failed.promise.catch(() => undefined);
  const stopping = AbortSignal.any([signals.stopping, signals.aborted]);
  let current = { ending: new AbortController(), done: Promise.resolve() };

  async function letGo(): Promise<void> {
    current.ending.abort();
    const deadline = new AbortController();
    await Promise.race([current.done, pause(letGoMs, deadline.signal)]);
    deadline.abort();
  }

  const member: LogMember = {
    assigned(reader) {
      logger.info({ partitions: reader.partitions }, 'partitions were assigned');
      const ending = new AbortController();
      const ended = AbortSignal.any([stopping, ending.signal]);
      const done = work(waitOut(reader, deps, ended), { stopping: ended, aborted: ended }).catch((error: unknown) => {
        if (!isAppError(error, 'log_revoked')) failed.reject(error);
      });
      current = { ending, done };
    },
    revoked: letGo,
    failed: failed.reject,
  };
  try {
    await retrying(deps, { aborted: stopping }, () => log.join(member).then(() => true));
    await Promise.race([failed.promise, untilAborted(stopping)]);
  } finally {
    // Also where it can't go on: others take the partitions over at once.
    await letGo();
    await log.leave();
  }
  await current.done;
}

function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
