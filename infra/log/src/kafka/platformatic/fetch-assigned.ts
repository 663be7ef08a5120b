import { setTimeout as pause } from 'node:timers/promises';
import type { Consumer, RecordsBatch } from '@platformatic/kafka';
import type { FetchedMessage, KafkaListener } from '../kafka-client.ts';
import { isKafkaFailure } from '../kafka-failure.ts';
import { findTopic } from './find-topic.ts';
import { hasProtocolError, toFailure } from './to-failure.ts';

const maxWaitTimeMs = 500;
const partitionMaxBytes = 1024 * 1024;
const maxBytes = 8 * partitionMaxBytes;
const retryAfterMs = 200;
/** So often in a row, a topic that is missing is no leader that has just moved. */
const missingTries = 15;
const controlBatch = 0x20;

/** Fetches what is not paused, and tells the listener of it; one request at a time to each broker. */
export interface Fetching {
  pause(partition: number): void;
  resume(partition: number): void;
  seek(partition: number, position: number): void;
  /** No fetch is told of any more. */
  stop(): void;
}

/** Begins to fetch these partitions, all of which are paused. */
export function fetchAssigned(options: {
  readonly consumer: Consumer;
  readonly topic: string;
  readonly listener: KafkaListener;
}): Fetching {
  const { consumer, topic, listener } = options;
  const active = new Set<number>();
  const positions = new Map<number, number>();
  const nodes = new Set<number>();
  let isStopped = false;
  let change = Promise.withResolvers<void>();

  function tellChange(): void {
    change.resolve();
    change = Promise.withResolvers<void>();
  }

  async function look(isFresh = false) {
    const { cluster, found } = await findTopic(consumer, topic, { isFresh });
    for (const node of cluster.brokers.keys()) {
      if (isStopped || nodes.has(node)) continue;
      nodes.add(node);
      void fetchFrom(node);
    }
    return found;
  }

  async function fetchFrom(node: number): Promise<void> {
    let missing = 0;
    while (!isStopped) {
      const changed = change.promise;
      try {
        if (!(await fetchOnce(node))) await Promise.race([changed, pause(maxWaitTimeMs)]);
        missing = 0;
      } catch (thrown) {
        if (isStopped) return;
        const failure = toFailure(thrown);
        missing = isKafkaFailure(failure, 'topic_missing') ? missing + 1 : 0;
        if (isKafkaFailure(failure, 'refused') || missing === missingTries) return listener.failed(failure);
        if (hasProtocolError(thrown, 'OFFSET_OUT_OF_RANGE')) await skipRemoved().catch(() => undefined);
        await pause(retryAfterMs);
        await look(true).catch(() => undefined);
      }
    }
  }

  /** Gives false where there is nothing to ask this broker for. */
  async function fetchOnce(node: number): Promise<boolean> {
    const found = await look();
    const asked = [...active].filter((partition) => found.partitions[partition]?.leader === node);
    if (asked.length === 0) return false;
    const from = new Map(asked.map((partition) => [partition, positions.get(partition) ?? 0]));
    const partitions = asked.map((partition) => ({
      partition,
      currentLeaderEpoch: -1,
      fetchOffset: BigInt(from.get(partition) ?? 0),
      lastFetchedEpoch: -1,
      partitionMaxBytes,
    }));
    const { responses } = await consumer.fetch({
      node,
      topics: [{ topicId: found.id, partitions }],
      maxWaitTime: maxWaitTimeMs,
      minBytes: 1,
      maxBytes,
    });
    for (const { partitionIndex, records } of responses.flatMap(({ partitions: answered }) => answered)) {
      hand(partitionIndex, from.get(partitionIndex) ?? 0, records ?? []);
    }
    return true;
  }

  function hand(partition: number, from: number, batches: readonly RecordsBatch[]): void {
    const last = batches.at(-1);
    if (isStopped || last === undefined || positions.get(partition) !== from || !active.has(partition)) return;
    const next = Number(last.firstOffset) + last.lastOffsetDelta + 1;
    if (listener.fetched({ partition, from, next, messages: batches.flatMap(toMessages) })) move(partition, from, next);
  }

  function move(partition: number, from: number, next: number): void {
    if (positions.get(partition) === from) positions.set(partition, next);
  }

  /** What stood at the position was removed by the topic's retention: goes on with the first that is left. */
  async function skipRemoved(): Promise<void> {
    const starts = (await consumer.listOffsets({ topics: [topic], timestamp: -2n })).get(topic) ?? [];
    for (const partition of active) {
      const [position, start] = [positions.get(partition) ?? 0, Number(starts[partition] ?? 0n)];
      if (position >= start) continue;
      // Told twice, as what a second fetch would find again.
      for (const _ of [1, 2]) listener.fetched({ partition, from: start, next: start, messages: [] });
      positions.set(partition, start);
    }
  }

  /** Until somebody leads: from then on the brokers' own loops look. */
  async function begin(): Promise<void> {
    while (!isStopped && nodes.size === 0) await look().catch(() => pause(retryAfterMs));
  }
  void begin();

  return {
    pause: (partition) => void active.delete(partition),
    resume(partition) {
      active.add(partition);
      tellChange();
    },
    seek(partition, position) {
      positions.set(partition, position);
      tellChange();
    },
    stop() {
      isStopped = true;
      tellChange();
    },
  };
}

function toMessages(batch: RecordsBatch): FetchedMessage[] {
  if ((batch.attributes & controlBatch) !== 0) return [];
  return batch.records.map(({ offsetDelta, timestampDelta, key, value, headers }) => ({
    position: Number(batch.firstOffset) + offsetDelta,
    key,
    value,
    headers: new Map(headers.map(([name, text]) => [String(name ?? ''), String(text ?? '')])),
    sentAt: Number(batch.firstTimestamp + timestampDelta),
  }));
}
