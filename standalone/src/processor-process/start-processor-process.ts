import { type ChildProcess, fork } from 'node:child_process';
import { getPriority, setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { KafkaSettings, LogReader } from '@px-platform/log';
import { type LogStanding, serveLogReader } from '@px-platform/log/over-port';
import type { Processor, ProcessorSettings } from '@px-platform/processor';
import { AppError, type Ask, askOver, type Logger } from '@px-platform/runtime';
import type { StorePlace } from '@px-platform/store';
import { connectReaders, type Readers } from '@px-platform/store/over-port';
import { type Channel, toIpcPort } from '../ipc-port.ts';
import type { LogSource, ProcessorStart, StoreStart } from './process-start.ts';

/** The processor's process, once its store is open: questions are answered from here on. */
export interface ProcessorProcess extends Readers {
  /** Starts the processor on these logs. Throws where it can't start. */
  start(options: ProcessorSettings & { readonly logs: ProcessorLogs }): Promise<RunningProcessor>;
  /** Closes the store and ends the process. */
  close(): Promise<void>;
}

/** Logs that this process holds, which the other reads through it; or Kafka, which it reads by itself. */
export type ProcessorLogs =
  | { readonly kind: 'held'; readonly log: LogReader; readonly auditLog: LogReader }
  | { readonly kind: 'kafka'; readonly settings: KafkaSettings };

/** A running processor, and the text of its metrics. */
export interface RunningProcessor extends Processor {
  metrics(): Promise<string>;
}

/** One that ends as soon as it has begun is not started again at once. */
const restartPauseMs = 1_000;

/**
 * Starts a process for processor and engine and opens the store there, so that neither holds up a request: making rows,
 * handing them over and ClickHouse's own threads. Its priority is lower by `niceness` (0..19), so that acknowledging goes
 * before processing where both want a core. One that is killed or crashes is said, and another takes its place; until
 * then questions and the health check fail and the log keeps what comes. Throws what opening the store throws.
 * Source: docs/adr/0016-processor-in-a-process-of-its-own.md.
 */
export async function startProcessorProcess(options: {
  readonly place: StorePlace;
  readonly clockOffsetMs: number;
  readonly niceness: number;
  readonly logger: Logger;
}): Promise<ProcessorProcess> {
  const { place, clockOffsetMs, niceness, logger } = options;
  const storeStart: StoreStart = { place, clockOffsetMs, logLevel: logger.level };
  let isClosing = false;
  let begin: (child: Child) => Promise<void> = async () => undefined;
  let current = forkOne();

  function forkOne(): Child {
    const child = forkChild(niceness);
    child.ended.then((how) => {
      if (isClosing) return;
      logger.error(how, "the processor's process ended; another is started");
      setTimeout(restart, restartPauseMs);
    });
    return child;
  }
  function restart(): void {
    if (isClosing) return;
    current = forkOne();
    openOn(current).catch((error: unknown) => {
      logger.error({ err: error }, "the processor's process could not be started");
      current.process.kill('SIGKILL');
    });
  }
  async function openOn(child: Child): Promise<void> {
    await child.ask<void>('openStore', storeStart);
    child.hasStore = true;
    await begin(child);
  }
  async function askReaders<T>(name: string, ...args: readonly unknown[]): Promise<T> {
    const child = current;
    if (!child.hasStore) throw new AppError('store_unavailable', 'The store is being opened; ask again in a moment.');
    try {
      return await child.askReaders<T>(name, ...args);
    } catch (error) {
      if (child.process.connected) throw error;
      throw new AppError('store_unavailable', "The store's process ended before it answered.", { cause: error });
    }
  }
  async function close(): Promise<void> {
    isClosing = true;
    const { process, ended, ask } = current;
    // One that has ended in the meantime can't be asked, and needn't.
    if (process.connected) await ask<void>('close').catch((error: unknown) => logger.warn({ err: error }, 'the store'));
    if (process.connected) process.disconnect();
    await ended;
  }

  try {
    await openOn(current);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    ...connectReaders(askReaders),
    close,
    async start({ config, logLevel, tracerSettings, logs }) {
      const failed = Promise.withResolvers<void>();
      const start: ProcessorStart = {
        config,
        logLevel,
        tracerSettings,
        source: toSource(logs),
      };
      begin = async (child) => {
        if (logs.kind === 'held') {
          serveLogReader(logs.log, toIpcPort(child.channel, 'log'));
          serveLogReader(logs.auditLog, toIpcPort(child.channel, 'audit log'));
        }
        await child.ask<void>('start', start);
        // What it can't go on from ends it all; that its process ended is no word of it, and was heard of already.
        child.ask<void>('ended').then(failed.resolve, (error: unknown) => {
          if (child.process.connected) failed.reject(error);
        });
      };
      await begin(current);
      return {
        ended: failed.promise,
        check: () => current.ask<void>('check'),
        metrics: () => current.ask<string>('metrics'),
        stop: (drainMs) => {
          isClosing = true;
          return current.ask<void>('stop', drainMs);
        },
      };
    },
  };
}

/** One process, and the ways to ask it. */
interface Child {
  readonly process: ChildProcess;
  readonly channel: Channel;
  readonly ask: Ask;
  readonly askReaders: Ask;
  hasStore: boolean;
  readonly ended: Promise<{ readonly pid: number; readonly code: number | null; readonly signal: string | null }>;
}

function forkChild(niceness: number): Child {
  const child = fork(fileURLToPath(new URL('./main.ts', import.meta.url)), [], {
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const { pid = 0 } = child;
  const ended = new Promise<Awaited<Child['ended']>>((resolve) => {
    child.once('exit', (code, signal) => resolve({ pid, code, signal }));
  });
  // At once: threads take after the one that starts them. One that was started nicer stays so: only root may take it back.
  if (pid > 0) setPriority(pid, Math.max(niceness, getPriority()));
  const channel: Channel = {
    on: (event, listener) => child.on(event, listener),
    send: (message, onSent) => child.send(message as Parameters<typeof child.send>[0], onSent),
    isConnected: () => child.connected,
  };
  return {
    process: child,
    channel,
    ask: askOver(toIpcPort(channel, 'processor')),
    askReaders: askOver(toIpcPort(channel, 'readers')),
    hasStore: false,
    ended,
  };
}

function toSource(logs: ProcessorLogs): LogSource {
  if (logs.kind === 'kafka') return logs;
  return { kind: 'port', standing: toStanding(logs.log), auditStanding: toStanding(logs.auditLog) };
}

function toStanding({ logId, partitions }: LogReader): LogStanding {
  return { logId, partitions };
}
