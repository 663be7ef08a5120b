import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '@px-platform/runtime';
import type { LogGroup, LogMember } from '../log-group.ts';
import { type AssignedPartition, createGroupReader, type EndableReader } from './create-group-reader.ts';
import { ensureTopic } from './ensure-topic.ts';
import type { GroupTimes, KafkaAdmin, KafkaAssignment, KafkaClient, KafkaListener, TopicPlan } from './kafka-client.ts';
import { isKafkaFailure, KafkaFailure, toAccessError } from './kafka-failure.ts';
import { createPartitionBuffer } from './partition-buffer.ts';
import { parsePlanNote } from './plan-note.ts';
import { toEntry } from './record-message.ts';
import { watchTopic } from './watch-topic.ts';
import { within } from './within.ts';

/** How a group reads a topic. */
export interface GroupSettings {
  readonly topic: string;
  readonly plan: TopicPlan;
  readonly groupId: string;
  readonly times: GroupTimes;
  /** How often it is looked whether the topic has more partitions, ms. */
  readonly lookEveryMs: number;
  /** Called where records were removed by the topic's retention before they were committed; `to` is exclusive. */
  readonly onLost: (lost: { partition: number; from: number; to: number }) => void;
}

interface Generation {
  readonly assignment: KafkaAssignment;
  readonly partitions: ReadonlyMap<number, AssignedPartition>;
  /** Of the topic. */
  readonly partitionCount: number;
  readonly reader: EndableReader;
}

const retryAfterMs = 500;

/** Builds a member of a group on a topic of Kafka. Its reader has no more in memory than the buffers of its partitions. */
export function createMember(client: KafkaClient, settings: GroupSettings): LogGroup {
  const { topic, groupId, times } = settings;
  let admin: KafkaAdmin | null = null;
  let leaveKafka: (() => Promise<void>) | null = null;
  let rejoining: Promise<void> = Promise.resolve();
  let endWatch = (): void => undefined;
  let leaving: Promise<void> | null = null;
  let isLeaving = false;

  /** With the partitions that the topic has by now: who leads a group shares out those that it knew when it joined. */
  async function rejoin(member: LogMember, listener: KafkaListener): Promise<void> {
    await leaveKafka?.();
    leaveKafka = null;
    while (!isLeaving && leaveKafka === null) {
      try {
        leaveKafka = await client.joinGroup({ groupId, times, listener });
      } catch (thrown) {
        if (!isKafkaFailure(thrown, 'unavailable')) {
          return member.failed(toAccessError(`Joining group ${groupId} of topic ${topic} again`, thrown));
        }
        await pause(retryAfterMs);
      }
    }
  }

  return {
    async join(member) {
      if (admin !== null) throw new TypeError('A group is joined once.');
      try {
        admin = await client.openAdmin();
        const known = await ensureTopic(admin, topic, settings.plan);
        const listener = createListener({ settings, admin, logId: known.id, member, isLeaving: () => isLeaving });
        leaveKafka = await client.joinGroup({ groupId, times, listener });
        const onChange = (): Promise<void> => {
          if (!isLeaving) rejoining = rejoin(member, listener);
          return rejoining;
        };
        endWatch = watchTopic({ admin, known, everyMs: settings.lookEveryMs, onChange });
      } catch (thrown) {
        await admin?.close().catch(() => undefined);
        // To be tried again.
        admin = null;
        throw toAccessError(`Joining group ${groupId} of topic ${topic}`, thrown);
      }
    },
    leave() {
      isLeaving = true;
      endWatch();
      leaving ??= (async () => {
        await rejoining;
        await leaveKafka?.();
        await admin?.close().catch(() => undefined);
      })();
      return leaving;
    },
  };
}

/** Turns what a client tells of its membership into readers for the member. */
function createListener(options: {
  readonly settings: GroupSettings;
  readonly admin: KafkaAdmin;
  readonly logId: string;
  readonly member: LogMember;
  readonly isLeaving: () => boolean;
}): KafkaListener {
  const { settings, admin, logId, member, isLeaving } = options;
  const { topic, groupId, times, onLost } = settings;
  let present: Generation | null = null;
  /** What each partition's last fetch began at that did not go on from the one before. */
  const strayed = new Map<number, number>();
  let turn = 0;
  let revoking: Promise<void> | null = null;

  async function begin(assignment: KafkaAssignment): Promise<void> {
    turn += 1;
    const mine = turn;
    while (turn === mine) {
      try {
        const { partitions, partitionCount } = await findStarts(assignment);
        if (turn !== mine) return;
        strayed.clear();
        const reader = createGroupReader({ logId, topic, assignment, partitions, partitionCount, admin });
        present = { assignment, partitions, partitionCount, reader };
        for (const [partition, { buffer }] of partitions) {
          assignment.seek(partition, buffer.next());
          assignment.resume(partition);
        }
        member.assigned(reader.reader);
        return;
      } catch (thrown) {
        if (isLasting(thrown)) {
          return member.failed(toAccessError(`Reading topic ${topic}`, thrown));
        }
        await pause(retryAfterMs);
      }
    }
  }

  async function findStarts(assignment: KafkaAssignment): Promise<Pick<Generation, 'partitions' | 'partitionCount'>> {
    const standing = await admin.describeTopic();
    if (standing?.id !== logId) {
      throw new KafkaFailure(
        'topic_missing',
        `Topic ${topic} was deleted${standing === null ? '' : ' and made again'}.`,
      );
    }
    const [committed, starts] = await Promise.all([admin.committed(groupId), admin.starts()]);
    const partitions = new Map(
      assignment.partitions.map((partition): [number, AssignedPartition] => {
        const [kept, start] = [committed[partition] ?? null, starts[partition] ?? 0];
        if (kept !== null && kept.next < start) onLost({ partition, from: kept.next, to: start });
        const from = Math.max(kept?.next ?? 0, start);
        const fetching = {
          pause: () => assignment.pause(partition),
          resume: () => assignment.resume(partition),
          seek: (position: number) => assignment.seek(partition, position),
        };
        const plannedEnd = kept === null ? null : parsePlanNote(kept.note);
        return [partition, { committed: from, plannedEnd, buffer: createPartitionBuffer(from, fetching) }];
      }),
    );
    return { partitions, partitionCount: standing.partitions };
  }

  async function end(): Promise<void> {
    turn += 1;
    const ending = present;
    present = null;
    if (ending === null) return;
    ending.reader.end(isLeaving() ? toLeft(settings) : toRevoked(settings, ending.assignment));
    try {
      await within(times.revokeTimeoutMs, `Ending the work on group ${groupId}`, member.revoked());
    } catch (thrown) {
      // It has had its time, and the group goes on: what it does now is fenced by its plans.
      if (!isKafkaFailure(thrown, 'unavailable')) member.failed(thrown);
    }
  }

  return {
    assigned: (assignment) => void begin(assignment),
    revoked() {
      revoking ??= end().finally(() => {
        revoking = null;
      });
      return revoking;
    },
    fetched({ partition, from, next, messages }) {
      const buffer = present?.partitions.get(partition)?.buffer;
      if (present === null || buffer === undefined) return false;
      const { partitionCount, assignment } = present;
      const expected = buffer.next();
      if (from > expected && strayed.get(partition) === from) {
        // Asked twice, it went on there twice: what lies between is not there, and maybe was removed before it was read.
        void tellLoss(partition, expected);
        buffer.skip(from);
      }
      const isTaken = buffer.add({
        from,
        next,
        entries: messages.map((message) => toEntry(partition, partitionCount, message)),
      });
      if (isTaken) {
        strayed.delete(partition);
      } else {
        strayed.set(partition, from);
        assignment.seek(partition, expected);
      }
      return isTaken;
    },
    failed(failure) {
      member.failed(toAccessError(`Reading topic ${topic} in group ${groupId}`, failure));
    },
  };

  async function tellLoss(partition: number, from: number): Promise<void> {
    const [start] = await admin.starts().then(
      (starts) => [starts[partition] ?? 0],
      () => [0],
    );
    if (start !== undefined && start > from) onLost({ partition, from, to: start });
  }
}

function toLeft({ groupId, topic }: GroupSettings): AppError {
  return new AppError(
    'log_unavailable',
    `This process has left group ${groupId} of topic ${topic}; start it again to read.`,
  );
}

function toRevoked({ groupId, topic }: GroupSettings, { partitions }: KafkaAssignment): AppError {
  return new AppError(
    'log_revoked',
    `Group ${groupId} has given partitions ${partitions.join(', ')} of topic ${topic} away: go on with the reader that it gives next.`,
  );
}

/** Says whether waiting helps against nothing of it. */
function isLasting(thrown: unknown): boolean {
  return thrown instanceof AppError || (thrown instanceof KafkaFailure && thrown.kind !== 'unavailable');
}
