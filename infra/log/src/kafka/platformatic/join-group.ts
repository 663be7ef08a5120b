import { type BaseOptions, Consumer } from '@platformatic/kafka';
import type { GroupTimes, KafkaListener } from '../kafka-client.ts';
import { KafkaFailure } from '../kafka-failure.ts';
import { keepJoined } from '../keep-joined.ts';
import { type Fetching, fetchAssigned } from './fetch-assigned.ts';
import { openCoordinator } from './open-coordinator.ts';
import { toFailure } from './to-failure.ts';

interface Group {
  readonly groupId: string;
  readonly times: GroupTimes;
  readonly listener: KafkaListener;
}

/**
 * Joins a group by @platformatic/kafka's consumer, of which the membership is used and not the stream: a stream commits without notes,
 * and gives no say in where it begins again. Where the consumer can't join again another one takes its place. Gives how to
 * leave. Throws a `KafkaFailure` where it can't join at first.
 */
export function joinGroup(options: BaseOptions, topic: string, group: Group): Promise<() => Promise<void>> {
  return keepJoined(group.listener, (onCrash) => run(options, topic, group, onCrash));
}

/** Runs a consumer until it can't go on; gives how to end it, once it has joined. Throws a `KafkaFailure` where it can't join. */
async function run(
  options: BaseOptions,
  topic: string,
  { groupId, times, listener }: Group,
  onCrash: (failure: KafkaFailure) => void,
): Promise<() => Promise<void>> {
  let fetching: Fetching | null = null;
  let isOver = false;
  const coordinator = openCoordinator(options, topic, groupId);
  const consumer = new Consumer({
    ...options,
    groupId,
    sessionTimeout: times.sessionTimeoutMs,
    heartbeatInterval: times.heartbeatIntervalMs,
    rebalanceTimeout: times.sessionTimeoutMs,
    autocommit: false,
    // Asked for before each joining, and waited for: the work on what was given ends here.
    async protocolsMetadata() {
      fetching?.stop();
      await listener.revoked();
      return Buffer.alloc(0);
    },
  });
  consumer.topics.track(topic);

  let generation = 0;
  consumer.on('consumer:group:join', ({ assignments = [], generationId = -1, memberId }) => {
    generation = generationId;
    fetching?.stop();
    fetching = fetchAssigned({ consumer, topic, listener });
    const { pause: hold, resume, seek } = fetching;
    const partitions = assignments.filter((given) => given.topic === topic).flatMap((given) => given.partitions);
    listener.assigned({
      partitions: partitions.toSorted((one, other) => one - other),
      pause: hold,
      resume,
      seek,
      async commit(partition, committed) {
        if (generation !== generationId) throw new KafkaFailure('stale', 'The group has begun another generation.');
        await coordinator.commit({ generationId, memberId }, partition, committed);
      },
    });
  });
  consumer.on('error', (error) => {
    if (isOver) return;
    isOver = true;
    onCrash(toFailure(error));
  });

  const disconnect = async (): Promise<void> => {
    isOver = true;
    fetching?.stop();
    await Promise.allSettled([consumer.close(true), coordinator.close()]);
  };
  try {
    await consumer.joinGroup({});
    return disconnect;
  } catch (thrown) {
    await disconnect();
    throw toFailure(thrown);
  }
}
