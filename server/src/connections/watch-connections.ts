import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/** What a connection has been used for. */
export interface ConnectionState {
  /** Requests not yet answered; more than one where a client sends on before it has its answer. */
  readonly inFlight: number;
  /** The request that came last, and its answer; null before the first. */
  readonly last: { readonly req: IncomingMessage; readonly res: ServerResponse } | null;
}

/** The connections of a server. */
export interface Connections {
  /** Requests not yet answered, on all of them. */
  countInFlight(): number;
  stateOf(socket: Duplex): ConnectionState;
}

/** Hears of connections. */
export interface ConnectionMetrics {
  connectionOpened(): void;
  connectionClosed(): void;
  /** One was closed to make room. */
  connectionShed(): void;
}

const unused: ConnectionState = { inFlight: 0, last: null };

/**
 * Keeps at most `maxConnections` open. One more closes the one that has been without a request for the longest, whether it
 * waits for its next or never sent one; where all are at work, the new one is closed. So no number of idle
 * connections keeps a new client out.
 */
export function watchConnections(
  server: Server,
  { maxConnections, metrics }: { readonly maxConnections: number; readonly metrics: ConnectionMetrics },
): Connections {
  const states = new Map<Duplex, { inFlight: number; last: ConnectionState['last'] }>();
  /** Longest idle first. */
  const idle = new Set<Duplex>();
  let inFlight = 0;

  server.on('connection', (socket) => {
    if (states.size >= maxConnections) {
      metrics.connectionShed();
      const [longestIdle = socket] = idle;
      forget(longestIdle);
      longestIdle.destroy();
      if (longestIdle === socket) return;
    }
    states.set(socket, { ...unused });
    idle.add(socket);
    metrics.connectionOpened();
    socket.once('close', () => forget(socket));
  });

  server.on('request', (req, res) => {
    const { socket } = req;
    const state = states.get(socket);
    inFlight += 1;
    idle.delete(socket);
    if (state !== undefined) {
      state.inFlight += 1;
      state.last = { req, res };
    }
    res.once('close', () => {
      inFlight -= 1;
      if (state === undefined) return;
      state.inFlight -= 1;
      if (state.inFlight === 0 && states.has(socket)) idle.add(socket);
    });
  });

  function forget(socket: Duplex): void {
    idle.delete(socket);
    if (states.delete(socket)) metrics.connectionClosed();
  }

  return { countInFlight: () => inFlight, stateOf: (socket) => states.get(socket) ?? unused };
}
