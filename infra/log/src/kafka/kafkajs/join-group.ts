import type { EachBatchPayload, Kafka } from 'kafkajs';
import type { GroupTimes, KafkaListener } from '../kafka-client.ts';
import type { KafkaFailure } from '../kafka-failure.ts';
import { keepJoined } from '../keep-joined.ts';
import { createConsumerWithCluster } from './create-consumer-with-cluster.ts';
import { toFailure } from './to-failure.ts';
import { toFetchedMessage } from './to-fetched-message.ts';
import { watchFetches } from './watch-fetches.ts';
import { watchMembership } from './watch-membership.ts';

interface Group {
  readonly groupId: string;
  readonly times: GroupTimes;
  readonly listener: KafkaListener;
  /** A request that takes longer has failed, ms. */
  readonly timeoutMs: number;
}

/** How long a fetch waits that may leave a partition out: it would not tell of one that goes on meanwhile. */
const partWaitMs = 500;
const retry = { retries: 5, initialRetryTime: 100, maxRetryTime: 1_000, restartOnFailure: async () => false };

/**
 * Joins a group by kafkajs's consumer; where that crashes, another one takes its place, as often as it must. Gives how to leave. Throws
 * a `KafkaFailure` where it can't join at first.
 */
export function joinGroup(kafka: Kafka, topic: string, group: Group): Promise<() => Promise<void>> {
  return keepJoined(group.listener, (onCrash) => run(kafka, topic, group, onCrash));
}

/** Runs a consumer until it crashes; gives how to end it, once it has joined. Throws a `KafkaFailure` where it crashes before. */
async function run(
  kafka: Kafka,
  topic: string,
  { groupId, times, listener, timeoutMs }: Group,
  onCrash: (failure: KafkaFailure) => void,
): Promise<() => Promise<void>> {
  const { consumer, cluster } = createConsumerWithCluster(kafka, {
    groupId,
    sessionTimeout: times.sessionTimeoutMs,
    heartbeatInterval: times.heartbeatIntervalMs,
    rebalanceTimeout: times.sessionTimeoutMs,
    maxWaitTimeInMs: partWaitMs,
    allowAutoTopicCreation: false,
    retry,
  });
  // The heart beats between two fetches, and at no other time.
  const idleWaitMs = Math.min(times.heartbeatIntervalMs, timeoutMs / 2);
  let resumed = 0;
  const fetches = watchFetches(cluster, () => {
    let seen = 0;
    return () => {
      // A partition that has just gone on may have done so after this fetch was made up.
      const isWhole = consumer.paused().length === 0 && resumed === seen;
      seen = resumed;
      return isWhole ? idleWaitMs : Math.min(idleWaitMs, partWaitMs);
    };
  });
  const membership = watchMembership(cluster, {
    beforeJoin: () => listener.revoked(),
    onHeartFailure: () => fetches.cutShort(),
  });
  const first = Promise.withResolvers<void>();
  let hasJoined = false;
  const at = (partition: number) => [{ topic, partitions: [partition] }];

  consumer.on('consumer.group_join', ({ payload }) => {
    hasJoined = true;
    const partitions = (payload.memberAssignment[topic] ?? []).toSorted((one, other) => one - other);
    const { commit } = membership.begin(groupId, topic);
    for (const partition of partitions) consumer.pause(at(partition));
    listener.assigned({
      partitions,
      commit,
      pause: (partition) => consumer.pause(at(partition)),
      resume(partition) {
        resumed += 1;
        consumer.resume(at(partition));
      },
      seek(partition, position) {
        consumer.seek({ topic, partition, offset: String(position) });
        fetches.cutShort();
      },
    });
    first.resolve();
  });
  consumer.on('consumer.crash', ({ payload: { error } }) => {
    if (hasJoined) onCrash(toFailure(error));
    else first.reject(error);
  });

  const disconnect = (): Promise<void> => {
    const done = consumer.disconnect().catch(() => undefined);
    // It waits for its fetches, and asks for nothing more.
    fetches.cutShort();
    return done;
  };
  try {
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      eachBatch: (payload) => hand(listener, payload),
    });
    await first.promise;
    return disconnect;
  } catch (thrown) {
    first.promise.catch(() => undefined);
    await disconnect();
    throw toFailure(thrown);
  }
}

/** Hands a batch over, which takes no time to speak of: what waits for the reader waits in its buffer, and heartbeats go on. */
async function hand(
  listener: KafkaListener,
  { batch, isStale, isRunning, resolveOffset, heartbeat }: EachBatchPayload,
): Promise<void> {
  if (isStale() || !isRunning()) return;
  const last = batch.lastOffset();
  const isTaken = listener.fetched({
    partition: batch.partition,
    // Of 2.2.4, pinned: the offset that was asked for, which its types leave out.
    from: Number((batch as typeof batch & { readonly fetchedOffset: string }).fetchedOffset),
    next: Number(last) + 1,
    messages: batch.messages.map(toFetchedMessage),
  });
  // What was not taken is fetched again: nothing beyond the contiguous beginning is ever told as done.
  if (isTaken) resolveOffset(last);
  await heartbeat();
}
