import { setTimeout as pause } from 'node:timers/promises';
import {
  Admin,
  type BaseOptions,
  type Broker,
  ConnectionPool,
  FindCoordinatorKeyTypes,
  offsetCommitV9,
} from '@platformatic/kafka';
import type { CommittedPosition } from '../kafka-client.ts';
import { isKafkaFailure } from '../kafka-failure.ts';
import { toFailure } from './to-failure.ts';

/** As what a group knows a member. */
export interface Membership {
  readonly generationId: number;
  readonly memberId: string;
}

/** The coordinator of a group, over connections of its own. */
export interface Coordinator {
  /** Commits with a note, which the consumer of this library can't. Throws a `KafkaFailure`. */
  commit(membership: Membership, partition: number, committed: CommittedPosition): Promise<void>;
  close(): Promise<void>;
}

const commitTries = 4;
const firstPauseMs = 100;

/** Builds the way to a group's coordinator, which is looked for when it is first needed, and again where it has moved. */
export function openCoordinator(options: BaseOptions, topic: string, groupId: string): Coordinator {
  const admin = new Admin(options);
  admin.on('error', () => undefined);
  const { clientId, bootstrapBrokers, retries, retryDelay, timeout, autocreateTopics, ...connecting } = options;
  const pool = new ConnectionPool(clientId, connecting);
  let broker: Broker | null = null;

  async function find(): Promise<Broker> {
    const [found] = await admin.findCoordinator({ keyType: FindCoordinatorKeyTypes.GROUP, keys: [groupId] });
    if (found === undefined) throw new TypeError(`No broker coordinates group ${groupId}.`);
    return { host: found.host, port: found.port };
  }

  return {
    async commit({ generationId, memberId }, partition, { next, note }) {
      const place = {
        partitionIndex: partition,
        committedOffset: BigInt(next),
        committedLeaderEpoch: -1,
        committedMetadata: note,
      };
      const topics = [{ name: topic, partitions: [place] }];
      for (let tries = 1; ; tries++) {
        try {
          broker ??= await find();
          const connection = await pool.get(broker);
          await offsetCommitV9.api.async(connection, groupId, generationId, memberId, null, topics);
          return;
        } catch (thrown) {
          const failure = toFailure(thrown);
          if (!isKafkaFailure(failure, 'unavailable') || tries === commitTries) throw failure;
          broker = null;
          await pause(firstPauseMs * 2 ** tries);
        }
      }
    },
    async close() {
      await Promise.allSettled([admin.close(), pool.close()]);
    },
  };
}
