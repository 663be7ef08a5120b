import { setTimeout as pause } from 'node:timers/promises';
import { type BaseOptions, Consumer } from '@platformatic/kafka';
import type { GroupTimes, KafkaListener } from '../kafka-client.ts';
import { isKafkaFailure, KafkaFailure } from '../kafka-failure.ts';
import { type Fetching, fetchAssigned } from './fetch-assigned.ts';
import { openCoordinator } from './open-coordinator.ts';
import { toFailure } from './to-failure.ts';

interface Group {
  readonly groupId: string;
  readonly times: GroupTimes;
  readonly listener: KafkaListener;
}

const restartAfterMs = 1_000;
const firstTries = 5;

/**
 * Joins a group by @platformatic/kafka's consumer, of which the membership is used and not the stream: a stream commits without notes,
 * and gives no say in where it begins again. Where the consumer can't join again another one takes its place. Gives how to
 * leave. Throws a `KafkaFailure` where it can't join at first.
 */
export async function joinGroup(options: BaseOptions, topic: string, group: Group): Promise<() => Promise<void>> {
  const { listener } = group;
  let isLeaving = false;
  let disconnect = await runFirst();

  async function runFirst(): Promise<() => Promise<void>> {
    for (let tries = 1; ; tries++) {
      try {
        return await run(options, topic, group, (error) => void restart(error));
      } catch (thrown) {
        if (!isKafkaFailure(thrown, 'unavailable') || tries === firstTries) throw thrown;
        await pause(restartAfterMs);
      }
    }
  }

  async function restart(thrown: unknown): Promise<void> {
    let failure = toFailure(thrown);
    await listener.revoked();
    await disconnect();
    while (!isLeaving) {
      if (isKafkaFailure(failure, 'refused') || isKafkaFailure(failure, 'topic_missing'))
        return listener.failed(failure);
      await pause(restartAfterMs);
      if (isLeaving) return;
      try {
        disconnect = await run(options, topic, group, (error) => void restart(error));
        if (isLeaving) await disconnect();
        return;
      } catch (error) {
        failure = toFailure(error);
      }
    }
  }

  return async () => {
    isLeaving = true;
    await listener.revoked();
    await disconnect();
  };
}

/** Runs a consumer until it can't go on; gives how to end it, once it has joined. Throws a `KafkaFailure` where it can't join. */
async function run(
  options: BaseOptions,
  topic: string,
  { groupId, times, listener }: Group,
  onCrash: (error: unknown) => void,
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
    onCrash(error);
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
