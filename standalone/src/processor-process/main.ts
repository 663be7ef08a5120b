import { connectLogReader } from '@px-platform/log/over-port';
import {
  createProcessorMetrics,
  createReplicaTelemetry,
  openLogs,
  openProcessor,
  type Processor,
  tellDifferences,
} from '@px-platform/processor';
import { createLogger, offsetClock, serveCalls } from '@px-platform/runtime';
import { type OpenStore, openEmbeddedStore, openLateServerStore } from '@px-platform/store';
import { toReaderCalls } from '@px-platform/store/over-port';
import { toIpcPort, toParentChannel } from '../ipc-port.ts';
import type { ProcessorStart, StoreStart } from './process-start.ts';
import { whenFree } from './when-free.ts';

/**
 * Processor and engine in a process of their own: reads the logs over the channel to the process that forked it, and
 * serves the store's readers there. Told what to do by `start-processor-process.ts`.
 */
const channel = toParentChannel();
// Ctrl-C in a terminal reaches every process; the one that forked this says when it ends.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
// Where the other was killed this one ends as suddenly: an orderly exit waits for the engine, whose folder the next start
// needs. What was under way is made again from the committed position.
process.once('disconnect', () => (isClosed ? process.exit(0) : process.kill(process.pid, 'SIGKILL')));

const metrics = createProcessorMetrics();
let clockOffsetMs = 0;
let open: OpenStore | null = null;
let processor: Processor | null = null;
let isClosed = false;

const control = toIpcPort(channel, 'processor');
serveCalls(control, {
  async openStore(start: StoreStart) {
    clockOffsetMs = start.clockOffsetMs;
    const clock = offsetClock(clockOffsetMs);
    const { place, logLevel } = start;
    const logger = createLogger({ level: logLevel, name: 'px-processor' });
    open =
      place.kind === 'embedded'
        ? await whenFree(() => openEmbeddedStore({ path: place.path, clock }))
        : await openLateServerStore({
            ...place,
            clock,
            telemetry: createReplicaTelemetry(metrics, logger),
            onAway: (err) => logger.warn({ err }, 'ClickHouse is away: nothing is stored until it is back'),
            onPrepared: ({ differences }) => tellDifferences(logger, differences),
          });
    serveCalls(toIpcPort(channel, 'readers'), toReaderCalls(open));
  },
  async start(start: ProcessorStart) {
    processor = await openProcessor(start, {
      store: opened(open),
      ...(await openSourceLogs(start)),
      metrics,
      clock: offsetClock(clockOffsetMs),
    });
    processor.ended.catch(() => undefined);
  },
  ended: () => opened(processor).ended,
  check: () => opened(processor).check(),
  stop: async (drainMs: number) => processor?.stop(drainMs),
  async close() {
    await open?.store.close();
    isClosed = true;
  },
  metrics: () => metrics.registry.metrics(),
});

async function openSourceLogs({ source, logLevel }: ProcessorStart) {
  if (source.kind === 'port') {
    return {
      log: connectLogReader(toIpcPort(channel, 'log'), source.standing),
      auditLog: connectLogReader(toIpcPort(channel, 'audit log'), source.auditStanding),
    };
  }
  const logger = createLogger({ level: logLevel, name: 'px-processor' });
  return openLogs(source.settings, { metrics, clock: offsetClock(clockOffsetMs), logger });
}

function opened<T>(thing: T | null): T {
  if (thing === null) throw new Error('The processor was asked before it was told to start.');
  return thing;
}
