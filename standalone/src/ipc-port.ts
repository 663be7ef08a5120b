import type { CallPort } from '@px-platform/runtime';

/** A channel between two processes: `process` in one that was forked, a child or a cluster's worker in the one that forks. */
export interface Channel {
  on<Message>(event: string, listener: (message: Message) => void): unknown;
  /** `onSent` hears that it could not be sent, which would be thrown otherwise. */
  send?(message: unknown, onSent: (error: Error | null) => void): unknown;
  isConnected(): boolean;
}

interface Envelope {
  readonly lane: string;
  readonly message: unknown;
}

/**
 * One lane of calls over a channel, in the form of a port: one side asks on it and the other answers, and messages of
 * other lanes pass by. What is sent once the other side has ended is lost.
 */
export function toIpcPort(channel: Channel, lane: string): CallPort {
  return {
    on(event, listener) {
      if (event === 'close') return channel.on('disconnect', listener);
      return channel.on<Partial<Envelope>>('message', (envelope) => {
        if (envelope.lane === lane) listener(envelope.message as Parameters<typeof listener>[0]);
      });
    },
    postMessage(message) {
      if (channel.isConnected()) channel.send?.({ lane, message }, () => undefined);
    },
  };
}

/** This process's end of the channel to the one that forked it. */
export function toParentChannel(): Channel {
  return {
    on: (event, listener) => process.on(event, listener),
    send: (message, onSent) => process.send?.(message, undefined, undefined, onSent),
    isConnected: () => process.connected,
  };
}
