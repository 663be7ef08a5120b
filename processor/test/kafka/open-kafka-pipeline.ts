import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AppendRecord, type EventLog, type KafkaSettings, openKafkaLog } from '@px-platform/log';
import { createLogger, systemClock } from '@px-platform/runtime';
import { type AcceptedEvent, type DeadLetter, encodeLogRecord, eventTopic, toRecordKey } from '@px-platform/schemas';
import { openEmbeddedStore, type StoredRow } from '@px-platform/store';
import { vi } from 'vitest';
import { type KafkaCluster, startKafka } from '../../../infra/log/test/kafka/start-kafka.ts';
import { processorConfigSchema } from '../../src/config.ts';
import { createProcessorMetrics } from '../../src/metrics.ts';
import { openLogs } from '../../src/open-logs.ts';
import { openProcessor } from '../../src/open-processor.ts';
import type { Processor } from '../../src/processor.ts';
import { makePipelineEvent } from '../pipeline-event.ts';
import { toEventId } from '../real-engine/open-pipeline.ts';

/** A processor of the group, and how to end it. */
export interface KafkaProcessor extends Pick<Processor, 'ended'> {
  /** Gives the sum of a metric over its labels. */
  read(metric: string): Promise<number>;
  stop(): Promise<void>;
}

/** A real broker, real processors of one group, and a real store behind them. */
export interface KafkaPipeline {
  readonly cluster: KafkaCluster;
  settings(partitions: number): KafkaSettings;
  /** Opens the writing side, as a server does. */
  openWriter(partitions: number): Promise<EventLog>;
  /** Starts a processor, and waits until it is warm. */
  start(partitions: number): Promise<KafkaProcessor>;
  /** Every row that the store holds, also where one is there twice. */
  rows(): Promise<readonly StoredRow[]>;
  letters(): Promise<readonly DeadLetter[]>;
  close(): Promise<void>;
}

const projectId = 'prj_kafka';

/** Gives an event of a person, made now, with an id that nobody has. */
export function makeEvent(person: string): AcceptedEvent {
  return { event: 'page_view', event_id: toEventId(), anonymous_id: person };
}

/** Gives the record of a person's events, received now, as a server appends it. */
export function toAppendRecord(person: string, events: readonly AcceptedEvent[]): AppendRecord {
  const own = { project_id: projectId, person_key: person, received_at: Date.now(), events: [...events] };
  const { record } = makePipelineEvent({ record: own });
  return { key: toRecordKey(projectId, person), payload: encodeLogRecord(record) };
}

/** Opens one on a new folder, by this client library; all of it goes with its `close`. */
export async function openKafkaPipeline(client: KafkaSettings['client']): Promise<KafkaPipeline> {
  const path = mkdtempSync(join(tmpdir(), 'px-kafka-pipeline-'));
  const cluster = await startKafka();
  const store = await openEmbeddedStore({ path, clock: systemClock });
  const processors = new Set<KafkaProcessor>();
  const settings = (partitions: number): KafkaSettings => ({
    client,
    connection: { brokers: [cluster.bootstrap], sasl: null, tls: null, timeoutMs: 10_000 },
    partitions,
    retentionMs: 3_600_000,
    replicationFactor: 1,
    groupId: 'px',
    sessionTimeoutMs: 8_000,
  });

  return {
    cluster,
    settings,
    openWriter: (partitions) =>
      openKafkaLog(settings(partitions), { topic: eventTopic, maxBytes: 1e8, clock: systemClock }),
    async start(partitions) {
      const metrics = createProcessorMetrics();
      const clock = systemClock;
      const logger = createLogger({ level: 'silent', name: 'test' });
      const config = processorConfigSchema.parse({ FLUSH_INTERVAL_MS: 20, DEDUPE_MAX_IDS: 10_000 });
      const processor = await openProcessor(
        { config, logLevel: 'silent', tracerSettings: null },
        { store, ...(await openLogs(settings(partitions), { metrics, clock, logger })), metrics, clock },
      );
      const started: KafkaProcessor = {
        ended: processor.ended,
        async read(name) {
          const metric = await metrics.registry.getSingleMetric(name)?.get();
          return (metric?.values ?? []).reduce((sum, { value }) => sum + value, 0);
        },
        async stop() {
          processors.delete(started);
          await processor.stop(10_000).catch(() => undefined);
        },
      };
      processors.add(started);
      processor.ended.catch(() => undefined);
      await vi.waitFor(() => processor.check(), { timeout: 40_000, interval: 100 });
      return started;
    },
    async rows() {
      const rows: StoredRow[] = [];
      for await (const page of store.reader.exportRows(projectId, { from: 0, to: Date.now() + 60_000 }))
        rows.push(...page);
      return rows;
    },
    letters: () => store.reader.deadLetters(null, 100),
    async close() {
      await Promise.all([...processors].map((one) => one.stop()));
      await store.store.close();
      await cluster.close();
      rmSync(path, { recursive: true, force: true });
    },
  };
}
