import { setTimeout as pause } from 'node:timers/promises';
import type { Broker, Cluster } from 'kafkajs';
import type { KafkaAssignment } from '../kafka-client.ts';
import { isKafkaFailure, KafkaFailure } from '../kafka-failure.ts';
import { toFailure } from './to-failure.ts';

/** As what the group knows a member, from one joining to the next. */
interface Membership {
  readonly groupGenerationId: number;
  readonly memberId: string;
}

/** A broker as kafkajs 2.2.4, pinned, has it beyond its types. */
type Coordinator = Broker & {
  joinGroup(request: unknown): Promise<{ readonly generationId: number; readonly memberId: string }>;
  heartbeat(request: unknown): Promise<unknown>;
};

const commitTries = 4;
const firstPauseMs = 100;

/**
 * Stands between a consumer of kafkajs and the coordinator of its group. The consumer looks for the coordinator each time before
 * it joins, for nothing else, and waits for nobody: here it waits for `beforeJoin`. And commits are sent here with the
 * generation that they were made in, where kafkajs takes the one that it has by then. `onHeartFailure` hears of a heartbeat that was
 * refused or lost: the consumer joins again as soon as its fetches have ended.
 */
export function watchMembership(
  cluster: Cluster,
  { beforeJoin, onHeartFailure }: { readonly beforeJoin: () => Promise<void>; readonly onHeartFailure: () => void },
): { begin(groupId: string, topic: string): Pick<KafkaAssignment, 'commit'> } {
  const find = cluster.findGroupCoordinator.bind(cluster);
  const watched = new WeakSet<Broker>();
  let coordinator: Broker | null = null;
  let present: Membership | null = null;

  cluster.findGroupCoordinator = async (group) => {
    await beforeJoin();
    present = null;
    coordinator = await find(group);
    watch(coordinator as Coordinator);
    return coordinator;
  };

  function watch(broker: Coordinator): void {
    if (watched.has(broker)) return;
    watched.add(broker);
    const join = broker.joinGroup.bind(broker);
    broker.joinGroup = async (request) => {
      const joined = await join(request);
      present = { groupGenerationId: joined.generationId, memberId: joined.memberId };
      return joined;
    };
    const beat = broker.heartbeat.bind(broker);
    broker.heartbeat = async (request) => {
      try {
        return await beat(request);
      } catch (thrown) {
        onHeartFailure();
        throw thrown;
      }
    };
  }

  return {
    begin(groupId, topic) {
      const mine = present;
      return {
        async commit(partition, { next, note }) {
          // Its type leaves the note out.
          const place = { partition, offset: String(next), metadata: note };
          const topics = [{ topic, partitions: [place] }];
          for (let tries = 1; ; tries++) {
            if (mine === null || mine !== present) {
              throw new KafkaFailure('stale', 'The group has begun another generation.');
            }
            try {
              coordinator ??= await find({ groupId });
              await coordinator.offsetCommit({ groupId, ...mine, topics });
              return;
            } catch (thrown) {
              const failure = toFailure(thrown);
              if (!isKafkaFailure(failure, 'unavailable') || tries === commitTries) throw failure;
              // It may have moved to another broker.
              coordinator = null;
              await pause(firstPauseMs * 2 ** tries);
            }
          }
        },
      };
    },
  };
}
