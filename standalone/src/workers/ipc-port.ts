import type { CallPort } from '@px-platform/runtime';

/** A channel between two processes: `process` in one that was forked, a cluster's worker in the one that forks. */
export interface Channel {
  on<Message>(event: string, listener: (message: Message) => void): unknown;
  send?(message: unknown): unknown;
  isConnected(): boolean;
}

/** Who asks over a lane: messages of the other lane pass by. */
export type Lane = 'worker asks' | 'primary asks';

interface Envelope {
  readonly lane: Lane;
  readonly message: unknown;
}

/** One of the two directions of calls over a channel, in the form of a port. What is sent once the other has ended is lost. */
export function toIpcPort(channel: Channel, lane: Lane): CallPort {
  return {
    on(event, listener) {
      if (event === 'close') return channel.on('disconnect', listener);
      return channel.on<Partial<Envelope>>('message', (envelope) => {
        if (envelope.lane === lane) listener(envelope.message as Parameters<typeof listener>[0]);
      });
    },
    postMessage(message) {
      if (channel.isConnected()) channel.send?.({ lane, message });
    },
  };
}
