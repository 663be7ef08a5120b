import { AppError, type AppErrorCode } from './app-error.ts';

/** What another process or thread may call, by name. Arguments and results are copied as structured clones. */
export type Calls = Readonly<Record<string, (...args: never[]) => Promise<unknown>>>;

/** One end of a channel between threads or processes: a `MessagePort`, or what is made to look like one. */
export interface CallPort {
  on<Message>(event: string, listener: (message: Message) => void): unknown;
  postMessage(message: unknown): void;
}

/** Asks the other side of a port. Throws what the call threw there (an `AppError` keeps its code and cause), or where the port is closed. */
export type Ask = <T>(name: string, ...args: readonly unknown[]) => Promise<T>;

interface Question {
  readonly id: number;
  readonly name: string;
  readonly args: readonly never[];
}

type Answer =
  | { readonly id: number; readonly kind: 'result'; readonly value: unknown }
  | { readonly id: number; readonly kind: 'error'; readonly error: unknown; readonly code: AppErrorCode | null };

/** Answers what is asked over the port with these calls, each as soon as it is done. A name that is not there is a bug. */
export function serveCalls(port: CallPort, calls: Calls): void {
  port.on('message', async ({ id, name, args }: Question) => {
    try {
      const call = calls[name];
      if (call === undefined) throw new TypeError(`The other side asked for "${name}", which is not served.`);
      post({ id, kind: 'result', value: await call(...args) });
    } catch (error) {
      post({ id, kind: 'error', error, code: error instanceof AppError ? error.code : null });
    }
  });

  function post(answer: Answer): void {
    port.postMessage(answer);
  }
}

/** Gives the way to call what the other side of the port serves. */
export function askOver(port: CallPort): Ask {
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: unknown): void }>();
  let asked = 0;
  let isClosed = false;

  port.on('message', (answer: Answer) => {
    const caller = waiting.get(answer.id);
    waiting.delete(answer.id);
    if (answer.kind === 'result') caller?.resolve(answer.value);
    else caller?.reject(toError(answer.error, answer.code));
  });
  port.on('close', () => {
    isClosed = true;
    for (const { reject } of waiting.values()) reject(new Error('The other side ended before it answered.'));
    waiting.clear();
  });

  return <T>(name: string, ...args: readonly unknown[]) =>
    new Promise<T>((resolve, reject) => {
      if (isClosed) return reject(new Error(`The other side has ended and can't be asked for "${name}".`));
      const id = asked++;
      // Both sides are ours and of one version: what comes back is what the call of that name gives.
      waiting.set(id, { resolve: (value) => resolve(value as T), reject });
      port.postMessage({ id, name, args });
    });
}

/** A clone of an error keeps its message and cause, and loses its class. */
function toError(error: unknown, code: AppErrorCode | null): unknown {
  if (code === null || !(error instanceof Error)) return error;
  return new AppError(code, error.message, { cause: error.cause });
}
