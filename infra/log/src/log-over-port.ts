import { AppError, type AppErrorCode, type Ask, type Calls } from '@px-platform/runtime';
import type { AppendRecord, EventLog, LogStatus } from './event-log.ts';

type Positions = Awaited<ReturnType<EventLog['append']>>;

/** What became of one append of a message. */
type Appended =
  | { readonly kind: 'appended'; readonly positions: Positions }
  | { readonly kind: 'failed'; readonly code: AppErrorCode | null; readonly message: string };

/** The calls by which another process or thread writes to the log, for `serveCalls`; each name begins with `prefix`. */
export function toLogCalls(log: EventLog, prefix: string): Calls {
  return {
    [`${prefix}.append`]: (appends: readonly (readonly AppendRecord[])[]) =>
      Promise.all(appends.map((records) => appendOne(log, records))),
    [`${prefix}.status`]: () => log.status(),
  };
}

async function appendOne(log: EventLog, records: readonly AppendRecord[]): Promise<Appended> {
  try {
    const own = records.map(({ key, payload }) => ({ key, payload: toBuffer(payload) }));
    return { kind: 'appended', positions: await log.append(own) };
  } catch (error) {
    const code = error instanceof AppError ? error.code : null;
    return { kind: 'failed', code, message: error instanceof Error ? error.message : String(error) };
  }
}

/** A structured clone makes an array of bytes of a Buffer; this is a view of the same bytes. */
function toBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

interface Waiting {
  readonly records: readonly AppendRecord[];
  resolve(positions: Positions): void;
  reject(error: unknown): void;
}

/**
 * The log's writing side in another process or thread than the log: keeps the contract of the log that is served.
 * Appends of one turn of the event loop go in one message, since a message costs more than a record. `close` waits for
 * what is under way; the log itself is its server's to close.
 */
export function connectEventLog(ask: Ask, prefix: string): EventLog {
  let waiting: Waiting[] = [];

  async function send(): Promise<void> {
    const sent = waiting;
    waiting = [];
    try {
      const results = await ask<readonly Appended[]>(
        `${prefix}.append`,
        sent.map(({ records }) => records),
      );
      for (const [at, { resolve, reject }] of sent.entries()) {
        const result = results[at];
        if (result?.kind === 'appended') resolve(result.positions);
        else reject(toError(result));
      }
    } catch (error) {
      for (const { reject } of sent)
        reject(new AppError('log_unavailable', 'The log can not be asked.', { cause: error }));
    }
  }

  const underWay = new Set<Promise<unknown>>();
  let isClosed = false;
  function ensureOpen(): void {
    if (isClosed) throw new AppError('log_unavailable', 'The way to the log is closed; start the process again.');
  }
  async function append(records: readonly AppendRecord[]): Promise<Positions> {
    ensureOpen();
    const appending = new Promise<Positions>((resolve, reject) => {
      waiting.push({ records, resolve, reject });
      if (waiting.length === 1) setImmediate(() => void send());
    });
    underWay.add(appending);
    return appending.finally(() => underWay.delete(appending));
  }

  return {
    append,
    async status() {
      ensureOpen();
      return ask<LogStatus>(`${prefix}.status`);
    },
    async close() {
      isClosed = true;
      await Promise.allSettled(underWay);
    },
  };
}

function toError(failed: Extract<Appended, { kind: 'failed' }> | undefined): Error {
  if (failed === undefined) return new Error('The log answered for fewer appends than it was asked for.');
  return failed.code === null ? new Error(failed.message) : new AppError(failed.code, failed.message);
}
