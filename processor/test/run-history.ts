import { createMemoryLog } from '@px-platform/log';
import { createLogger } from '@px-platform/runtime';
import { type EventRow, encodeLogRecord } from '@px-platform/schemas';
import {
  createMemoryAuditStore,
  createMemoryPurgeStore,
  createMemorySaltStore,
  createMemoryStore,
  type EventStore,
} from '@px-platform/store';
import { processorConfigSchema } from '../src/config.ts';
import { createProcessorMetrics } from '../src/metrics.ts';
import { startProcessor } from '../src/processor.ts';
import { makePipelineEvent } from './pipeline-event.ts';
import type { ModelEvent } from './session-model.ts';

/** How a history reaches the store. */
export interface Delivery {
  readonly batchSize: number;
  /** Of the insert after so many, the rows whose bit stands in `keep` are stored, then the process is gone. */
  readonly crashes: readonly { readonly afterInserts: number; readonly keep: number }[];
  /** Events that come again, so long after they came. */
  readonly resends: readonly { readonly which: number; readonly afterMs: number }[];
  /** After so many events came, the processor works them off and ends. */
  readonly stops: readonly number[];
}

const geo = { find: () => null, revision: () => 0, describe: () => ({ files: [], attribution: '' }) };

/** Runs a history through a whole processor on a log and a store in memory. Gives the rows, and the sessions as text. */
export async function runHistory(
  events: readonly ModelEvent[],
  delivery: Delivery,
): Promise<{ rows: readonly EventRow[]; sessions: string[] }> {
  const time = { now: 0 };
  const log = createMemoryLog({ partitions: 1, maxBytes: 1e9, clock: () => time.now });
  const auditLog = createMemoryLog({ partitions: 1, maxBytes: 1e6, clock: () => time.now });
  const store = createMemoryStore();
  const crashes = [...delivery.crashes];
  let insertsLeft = crashes[0]?.afterInserts ?? Number.POSITIVE_INFINITY;

  const crashing: EventStore = {
    ...store,
    async insert(batch) {
      insertsLeft -= 1;
      if (insertsLeft >= 0) return store.insert(batch);
      const keep = crashes.shift()?.keep ?? 0;
      insertsLeft = crashes[0]?.afterInserts ?? Number.POSITIVE_INFINITY;
      await store.insert({ ...batch, rows: batch.rows.filter((_, at) => ((keep >> (at % 8)) & 1) === 1) });
      throw new Error('gone');
    },
  };

  async function run(): Promise<void> {
    const processor = startProcessor({
      config: processorConfigSchema.parse({ BATCH_SIZE: delivery.batchSize, FLUSH_INTERVAL_MS: 0 }),
      log,
      store: crashing,
      audit: { log: auditLog, store: createMemoryAuditStore() },
      salts: createMemorySaltStore(),
      purges: createMemoryPurgeStore(),
      geo,
      metrics: createProcessorMetrics(),
      tracer: null,
      clock: () => time.now,
      logger: createLogger({ level: 'silent', name: 'test' }),
    });
    const left = crashes.length;
    try {
      await processor.stop(10_000);
    } catch (error) {
      if (crashes.length === left) throw error;
      await run();
    }
  }

  for (const [at, event] of toArrivals(events, delivery).entries()) {
    time.now = event.receivedAt;
    await log.append([{ key: event.person, payload: toRecord(event) }]);
    if (delivery.stops.includes(at)) await run();
  }
  await run();
  return { rows: store.rows, sessions: toSessions(store.rows) };
}

/** Person, id, start and end of each session, as text in order. */
function toSessions(rows: readonly EventRow[]): string[] {
  const instants = new Map<string, number[]>();
  for (const row of rows) {
    const session = `${row.person_key} ${row.session_id}`;
    instants.set(session, [...(instants.get(session) ?? []), row.timestamp]);
  }
  return [...instants].map(([session, all]) => `${session} ${Math.min(...all)} ${Math.max(...all)}`).sort();
}

function toArrivals(events: readonly ModelEvent[], { resends }: Delivery): ModelEvent[] {
  const again = resends.flatMap(({ which, afterMs }) => {
    const event = events[which];
    return event === undefined ? [] : [{ ...event, receivedAt: event.receivedAt + afterMs }];
  });
  return [...events, ...again].sort((a, b) => a.receivedAt - b.receivedAt);
}

function toRecord({ id, person, at, receivedAt, campaign, named }: ModelEvent): Buffer {
  const session = named === undefined ? {} : { session_id: named };
  const context = campaign === '' ? {} : { context: { campaign: { name: campaign } } };
  const event = { event: 'page_view', event_id: id, timestamp: new Date(at).toISOString(), ...session, ...context };
  const record = { project_id: 'p1', person_key: person, received_at: receivedAt, events: [event] };
  return encodeLogRecord(makePipelineEvent({ record }).record);
}
