import { MessageChannel, Worker } from 'node:worker_threads';
import type { LogReader } from '@px-platform/log';
import { serveLogReader } from '@px-platform/log/over-port';
import type { Processor, ProcessorConfig } from '@px-platform/processor';
import { askOver, type TracerSettings } from '@px-platform/runtime';
import type { OpenStore } from '@px-platform/store';
import type { ThreadData } from './thread-data.ts';

/** A processor on a thread of its own, and the text of its metrics. */
export interface ProcessorThread extends Processor {
  metrics(): Promise<string>;
}

/**
 * Starts the processor on a thread of its own, so that making rows does not hold up requests, and the second core of
 * a small machine is used. Log and engine stay on the main thread, which serves them. Throws where the
 * thread can't start. Source: docs/adr/0008-processor-on-its-own-thread.md.
 */
export async function startProcessorThread(options: {
  config: ProcessorConfig;
  logLevel: string;
  tracerSettings: TracerSettings | null;
  clockOffsetMs: number;
  log: LogReader;
  auditLog: LogReader;
  serveStore: OpenStore['serve'];
}): Promise<ProcessorThread> {
  const { config, logLevel, tracerSettings, clockOffsetMs, log, auditLog, serveStore } = options;
  const channels = {
    control: new MessageChannel(),
    log: new MessageChannel(),
    auditLog: new MessageChannel(),
    store: new MessageChannel(),
  };
  serveLogReader(log, channels.log.port1);
  serveLogReader(auditLog, channels.auditLog.port1);
  serveStore(channels.store.port1);
  const ask = askOver(channels.control.port1);
  const ports = {
    control: channels.control.port2,
    log: channels.log.port2,
    auditLog: channels.auditLog.port2,
    store: channels.store.port2,
  };
  const workerData: ThreadData = {
    config,
    logLevel,
    tracerSettings,
    clockOffsetMs,
    standing: { logId: log.logId, partitions: log.partitions },
    auditStanding: { logId: auditLog.logId, partitions: auditLog.partitions },
    ports,
  };
  const worker = new Worker(new URL('./main.ts', import.meta.url), { workerData, transferList: Object.values(ports) });
  const died = new Promise<never>((_resolve, reject) => {
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`The processor's thread ended with ${code}.`)));
  });
  // Heard of through `ended`; where nobody asks any more, it must not end the process.
  died.catch(() => undefined);

  try {
    await Promise.race([ask<void>('started'), died]);
  } catch (error) {
    await worker.terminate();
    throw error;
  }
  return {
    ended: Promise.race([ask<void>('ended'), died]),
    check: () => ask<void>('check'),
    metrics: () => ask<string>('metrics'),
    async stop(drainMs) {
      try {
        await Promise.race([ask<void>('stop', drainMs), died]);
      } finally {
        await worker.terminate();
      }
    },
  };
}
