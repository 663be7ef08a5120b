import cluster, { type Worker } from 'node:cluster';
import { fileURLToPath } from 'node:url';
import { type Ask, askOver, type Logger, serveCalls } from '@px-platform/runtime';
import type { Listening, MetricsData } from '@px-platform/server';
import { type Channel, toIpcPort } from '../ipc-port.ts';
import { type Held, toPrimaryCalls } from './primary-calls.ts';

/** Server processes on one port. */
export interface Workers extends Listening {
  /** The metrics of each that answers. */
  readMetrics(): Promise<readonly MetricsData[]>;
}

/** A worker that ends as soon as it has begun is not started again at once. */
const restartPauseMs = 1_000;

/**
 * Starts `count` processes that serve HTTP on one port and reach what this one holds over their channels. One that ends
 * by itself is said, and another takes its place: the requests that it had in flight are not answered, so their clients
 * send them again. Throws `port_in_use`. Source: https://nodejs.org/api/cluster.html
 */
export async function startWorkers(count: number, held: Held, logger: Logger): Promise<Workers> {
  const running = new Map<Worker, Ask>();
  let isStopping = false;
  cluster.setupPrimary({ exec: fileURLToPath(new URL('./main.ts', import.meta.url)), serialization: 'advanced' });

  function startOne(): Promise<number> {
    const worker = cluster.fork();
    const channel = toChannel(worker);
    serveCalls(toIpcPort(channel, 'worker asks'), toPrimaryCalls(held));
    const ask = askOver(toIpcPort(channel, 'primary asks'));
    running.set(worker, ask);
    worker.once('exit', (code, signal) => {
      running.delete(worker);
      if (isStopping) return;
      logger.error({ worker: worker.process.pid, code, signal }, 'a server process ended; another is started');
      setTimeout(restart, restartPauseMs);
    });
    return ask<number>('started');
  }
  function restart(): void {
    if (isStopping) return;
    startOne().catch((error: unknown) => logger.error({ err: error }, 'a server process could not be started'));
  }
  async function close(): Promise<void> {
    isStopping = true;
    const ending = [...running].map(async ([worker, ask]) => {
      const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
      // One that has ended in the meantime can't be asked, and needn't.
      await ask<void>('stop').catch((error: unknown) => logger.warn({ err: error }, 'a server process did not stop'));
      worker.process.disconnect();
      await ended;
    });
    await Promise.all(ending);
  }

  try {
    const [port = 0] = await Promise.all(Array.from({ length: count }, startOne));
    return {
      port,
      close,
      async readMetrics() {
        const asked = await Promise.allSettled([...running.values()].map((ask) => ask<MetricsData>('metrics')));
        return asked.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function toChannel(worker: Worker): Channel {
  return {
    on: (event, listener) => worker.on(event, listener),
    send: (message, onSent) => worker.process.send?.(message as Parameters<typeof worker.process.send>[0], onSent),
    isConnected: () => worker.isConnected(),
  };
}
