import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A process of ours that answers one message after another. */
export interface Child {
  readonly pid: number;
  /** Gives the answer to a message, as the module is known to shape it; throws where the child failed, or has ended. */
  ask<T>(message: object): Promise<T>;
  /** Lets it end, and waits until it has. */
  close(): Promise<void>;
}

/** Starts a module that calls `answerParent`, with this terminal's output. */
export function openChild(module: URL, environment?: Readonly<Record<string, string>>): Child {
  const child = fork(fileURLToPath(module), {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    ...(environment === undefined ? {} : { env: environment }),
  });
  const ended = once(child, 'exit');
  return {
    pid: child.pid ?? 0,
    async ask<T>(message: object) {
      child.send(message);
      const [reply]: unknown[] = await Promise.race([once(child, 'message'), ended.then(() => [null])]);
      return parseReply<T>(reply, module);
    },
    async close() {
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}

function parseReply<T>(reply: unknown, module: URL): T {
  if (typeof reply === 'object' && reply !== null) {
    if ('answer' in reply) return reply.answer as T;
    if ('message' in reply) throw new Error(`${module.pathname}: ${String(reply.message)}`);
  }
  throw new Error(`${module.pathname} ended before it answered.`);
}
