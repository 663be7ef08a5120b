import { createMemoryGroup, createMemoryLog, type LogGroup } from '@px-platform/log';
import { createLogger } from '@px-platform/runtime';
import { encodeLogRecord } from '@px-platform/schemas';
import {
  createMemoryAuditStore,
  createMemoryPurgeStore,
  createMemorySaltStore,
  createMemoryStore,
  type EventStore,
  type RowBatch,
} from '@px-platform/store';
import { processorConfigSchema } from '../src/config.ts';
import type { LetterTopic } from '../src/letters/letter-topic.ts';
import { createProcessorMetrics } from '../src/metrics.ts';
import { type Processor, startProcessor, type Upkeep } from '../src/processor.ts';
import { makePipelineEvent } from './pipeline-event.ts';

const dayMs = 24 * 60 * 60 * 1000;
const noon = Date.UTC(2026, 10, 22, 12);
const geo = { find: () => null, revision: () => 0, describe: () => ({ files: [], attribution: '' }) };

/** One processor of the group, and its membership, by which a test takes it out. */
export interface GroupProcessor extends Processor {
  readonly member: LogGroup;
  /** Resolves once it is a member. */
  readonly joined: Promise<void>;
}

/** A log of four partitions and a store that any number of processors share, in memory. `setBack` sets all offsets to 0, as by hand. */
export function openGroup() {
  const time = { now: noon };
  const clock = (): number => time.now;
  const log = createMemoryLog({ partitions: 4, maxBytes: 1e9, clock });
  const committed = new Map<number, number>();
  // As in Kafka, what is committed stays until its retention.
  const group = createMemoryGroup({
    ...log,
    committed: async (partition) => committed.get(partition) ?? 0,
    commit: async (partition, next) => void committed.set(partition, next),
  });
  const auditGroup = createMemoryGroup(createMemoryLog({ partitions: 1, maxBytes: 1e6, clock }));
  const store = createMemoryStore();
  const purges = createMemoryPurgeStore();
  const salts = createMemorySaltStore();
  let made = 0;

  /** Appends so many events, each of another person, by turns of two months, and gives their ids. */
  async function append(count: number): Promise<string[]> {
    const ids: string[] = [];
    for (let at = 0; at < count; at += 1) {
      made += 1;
      const person = `person ${made}`;
      const event_id = `019c0000-0000-7ccc-8ddd-${String(made).padStart(12, '0')}`;
      const timestamp = new Date(noon - (made % 2) * 40 * dayMs).toISOString();
      const events = [{ event: 'page_view', event_id, anonymous_id: person, timestamp }];
      const { record } = makePipelineEvent({ record: { person_key: person, received_at: time.now, events } });
      await log.append([{ key: person, payload: encodeLogRecord(record) }]);
      ids.push(event_id);
    }
    return ids;
  }
  function start(
    through: Partial<EventStore> = {},
    toMember: (member: LogGroup) => LogGroup = (member) => member,
    upkeep: readonly Upkeep[] = [],
    letterTopic: LetterTopic | null = null,
  ): GroupProcessor {
    const member = group.member();
    const joined = Promise.withResolvers<void>();
    const seen: LogGroup = {
      leave: () => member.leave(),
      join: (own) => member.join(own).then(joined.resolve),
    };
    const processor = startProcessor({
      config: processorConfigSchema.parse({ BATCH_SIZE: 5, FLUSH_INTERVAL_MS: 0 }),
      log: toMember(seen),
      store: { ...store, ...through },
      audit: { log: auditGroup.member(), store: createMemoryAuditStore() },
      salts,
      purges,
      geo,
      upkeep,
      letterTopic,
      letGoMs: 20,
      metrics: createProcessorMetrics(),
      tracer: null,
      clock,
      logger: createLogger({ level: 'silent', name: 'test' }),
    });
    processor.ended.catch(() => undefined);
    return { ...processor, member, joined: joined.promise };
  }
  /** Stores the part of a batch that is one month's, and then no more. */
  async function storePart(batch: RowBatch): Promise<void> {
    const [first] = batch.rows;
    await store.insert({ ...batch, rows: batch.rows.filter((row) => row.day === first?.day) });
  }
  const stored = (): string[] => store.rows.map((row) => row.event_id).sort();
  return {
    time,
    log,
    group,
    store,
    purges,
    append,
    start,
    storePart,
    stored,
    setBack: () => committed.clear(),
    committed,
  };
}
