import { createRequire } from 'node:module';

interface Connection {
  send(request: unknown): Promise<unknown>;
  readonly socket: { destroy(error: Error): void } | undefined;
}

/**
 * Ends each connection of kafkajs on which a request got no answer in time. 2.2.4 rejects the request alone: a broker that is cut off
 * resets nothing, counts as connected, and is asked again for a minute who leads now.
 */
export function endSilentConnections(): void {
  // Of 2.2.4, pinned, as in `mend-kafkajs.ts`.
  const Connection: { prototype: Connection } = createRequire(import.meta.url)('kafkajs/src/network/connection');
  const { send } = Connection.prototype;
  Connection.prototype.send = async function (this: Connection, request) {
    try {
      return await send.call(this, request);
    } catch (error) {
      // What else waits on it is rejected with it, and goes to another broker.
      if (isTimeout(error)) this.socket?.destroy(error);
      throw error;
    }
  };
}

function isTimeout(error: unknown): error is Error {
  return error instanceof Error && error.name === 'KafkaJSRequestTimeoutError';
}
