import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { AppError } from '@px-platform/runtime';
import { createApp } from './app.ts';
import { createLastUsed } from './auth/last-used.ts';
import { answerBrokenRequest } from './connections/answer-broken-request.ts';
import { refuseConnect } from './connections/refuse-connect.ts';
import { watchConnections } from './connections/watch-connections.ts';
import { giveExpressClasses } from './http/give-express-classes.ts';
import { guardIngest } from './overload/guard-ingest.ts';
import type { ServerDeps } from './server-deps.ts';

/** A server that takes requests. */
export interface Listening {
  /** The port it listens on; where `PORT` was 0, the one it was given. */
  readonly port: number;
  /**
   * Stops: reads what has been sent, takes no new connection, ends live streams, waits for the requests in flight, at most
   * `graceMs`, then breaks off what is left. Throws `control_unavailable` where the keys' last uses can't be written.
   */
  close(): Promise<void>;
}

const graceMs = 10_000;
const idleCheckMs = 20;
/** Turns of the event loop without a new connection, after which nobody waits any more to be let in. */
const quietTurns = 3;
const maxLateMs = 1_000;

/** Starts HTTP. Throws `port_in_use` where the port can't be had. */
export async function listen(deps: ServerDeps): Promise<Listening> {
  const { config, control, clock, logger, metrics } = deps;
  const stopping = new AbortController();
  const lastUsed = createLastUsed({
    control,
    clock,
    onError: (cause) => logger.warn({ err: cause }, 'writing when keys were last used failed; it is tried again'),
  });
  const guard = guardIngest(deps, () => performance.now(), stopping.signal);
  const app = createApp(deps, { stopping: stopping.signal, onKeyUsed: (id) => lastUsed.note(id), guard });
  const server = createServer(
    {
      ...giveExpressClasses(app),
      // Our own deadline answers first, as a problem; this one is the second line.
      requestTimeout: config.HEADERS_TIMEOUT_MS + config.REQUEST_TIMEOUT_MS + 5_000,
      headersTimeout: config.HEADERS_TIMEOUT_MS,
      keepAliveTimeout: config.KEEP_ALIVE_TIMEOUT_MS,
      connectionsCheckingInterval: Math.min(5_000, config.HEADERS_TIMEOUT_MS),
      // A header that came twice is seen as one with a comma, in place of the first of the two.
      joinDuplicateHeaders: true,
      // Ours is answered with a problem.
      requireHostHeader: false,
    },
    guard.toListener(app),
  );
  const { countInFlight, stateOf } = watchConnections(server, { maxConnections: config.MAX_CONNECTIONS, metrics });
  server.on('clientError', (error, socket) => answerBrokenRequest(error, socket, stateOf(socket), deps));
  server.on('connect', (_req, socket) => refuseConnect(socket, deps));
  // An expectation that is not ours is passed over, as RFC 9110, 10.1.1 lets us.
  server.on('checkExpectation', (req, res) => server.emit('request', req, res));
  try {
    await bind(server, config.PORT, config.HOST);
  } catch (cause) {
    await lastUsed.close();
    throw cause;
  }
  return {
    port: readPort(server),
    async close() {
      stopping.abort();
      await readWhatWasSent(server);
      await drain(server, countInFlight);
      await lastUsed.close();
    },
  };
}

function bind(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => reject(toBindError(cause, port, host)));
    server.listen(port, host, () => resolve());
  });
}

function toBindError(cause: Error, port: number, host: string): AppError {
  const isTaken = 'code' in cause && cause.code === 'EADDRINUSE';
  const why = isTaken ? 'another process listens there already' : cause.message;
  return new AppError('port_in_use', `Listening on ${host}:${port} failed: ${why}. Stop it, or set PORT to another.`, {
    cause,
  });
}

function readPort(server: Server): number {
  const address: string | AddressInfo | null = server.address();
  return address !== null && typeof address === 'object' ? address.port : 0;
}

/**
 * Lets requests that were sent before the stop begin: node closes a connection that it has read nothing from,
 * unanswered. libuv accepts one connection a turn, and reads from it in the next.
 */
async function readWhatWasSent(server: Server): Promise<void> {
  const until = performance.now() + maxLateMs;
  let quiet = 0;
  const onConnection = (): void => {
    quiet = 0;
  };
  server.on('connection', onConnection);
  for (; quiet < quietTurns && performance.now() < until; quiet += 1) await nextTurn();
  server.off('connection', onConnection);
}

/**
 * Connections that fall idle later are swept too: keep-alive would hold them for a minute. node counts
 * one that never sent a request as busy, so once no request is left, all that remain are closed.
 */
async function drain(server: Server, countInFlight: () => number): Promise<void> {
  const sweep = setInterval(() => {
    if (countInFlight() === 0) server.closeAllConnections();
    else server.closeIdleConnections();
  }, idleCheckMs);
  const deadline = setTimeout(() => server.closeAllConnections(), graceMs);
  await new Promise<void>((resolve) => server.close(() => resolve()));
  clearInterval(sweep);
  clearTimeout(deadline);
}
