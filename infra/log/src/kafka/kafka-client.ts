import type { KafkaFailure } from './kafka-failure.ts';

/** A message as it is sent or was fetched. Its time is epoch ms, set by the sender. */
export interface KafkaMessage {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: ReadonlyMap<string, string>;
  readonly sentAt: number;
}

/** A message at its place; positions ascend, and may leave out what a broker keeps for itself. */
export interface FetchedMessage extends KafkaMessage {
  readonly position: number;
}

/** How a topic stands at the brokers. */
export interface TopicStanding {
  /** Its UUID: another one where the topic was deleted and made again. */
  readonly id: string;
  readonly partitions: number;
  /** -1 where it keeps for ever. */
  readonly retentionMs: number;
  /** Bytes of the largest batch that it takes. */
  readonly maxMessageBytes: number;
  readonly cleanupPolicy: string;
}

/** How a topic is to be made. */
export interface TopicPlan {
  readonly partitions: number;
  readonly retentionMs: number;
  readonly replicationFactor: number;
  readonly maxMessageBytes: number;
}

/** Sends batches, one request at a time, each of its messages exactly once; to be thrown away after a failure. */
export interface KafkaProducer {
  /**
   * Sends the messages of each partition; gives the position of the first of each, once all in-sync replicas have them all.
   * Throws a `KafkaFailure`: then some may have them, now or later.
   */
  send(batches: ReadonlyMap<number, readonly KafkaMessage[]>): Promise<ReadonlyMap<number, number>>;
  close(): Promise<void>;
}

/** What a group has committed of a partition. */
export interface CommittedPosition {
  /** The next position to process. */
  readonly next: number;
  /** What was written beside it; empty where nothing was. */
  readonly note: string;
}

/** Asks about one topic. All throw a `KafkaFailure`. */
export interface KafkaAdmin {
  /** Null where there is no such topic. */
  describeTopic(): Promise<TopicStanding | null>;
  createTopic(plan: TopicPlan): Promise<void>;
  /** The position after the last record of each partition, by its number. */
  ends(): Promise<readonly number[]>;
  /** The first position of each partition that is still kept. */
  starts(): Promise<readonly number[]>;
  /** The first position of each partition whose record was sent at `sentAt` (epoch ms) or later; its end where there is none. */
  positionsAt(sentAt: number): Promise<readonly number[]>;
  /** What the group has committed of each partition; null where nothing. */
  committed(groupId: string): Promise<readonly (CommittedPosition | null)[]>;
  close(): Promise<void>;
}

/** The partitions that a group gave to a member, for one of its generations. */
export interface KafkaAssignment {
  readonly partitions: readonly number[];
  pause(partition: number): void;
  resume(partition: number): void;
  /** The next fetch begins here; what is under way may still come. */
  seek(partition: number, position: number): void;
  /**
   * Commits a position and a note beside it, in the name of this generation. Throws a `KafkaFailure`, `stale` where the group
   * has gone on to another.
   */
  commit(partition: number, committed: CommittedPosition): Promise<void>;
}

/** What a member of a group is told. */
export interface KafkaListener {
  /** Its partitions are paused: each must be resumed from the position where it is to begin. */
  assigned(assignment: KafkaAssignment): void;
  /** The group goes on without what it gave; awaited before this member joins again or leaves. Does nothing where it has nothing. */
  revoked(): Promise<void>;
  /** What a fetch from `from` gave; the next one begins at `next`. False where it was left out, and must be fetched again. */
  fetched(batch: { partition: number; from: number; next: number; messages: readonly FetchedMessage[] }): boolean;
  /** It can't be a member any more. */
  failed(error: KafkaFailure): void;
}

/** What the coordinator of a group waits for, in ms. */
export interface GroupTimes {
  /** A member that is not heard of for so long is out. */
  readonly sessionTimeoutMs: number;
  readonly heartbeatIntervalMs: number;
  /** How long a member may take to end what it has begun; shorter than the session, since it is not heard of meanwhile. */
  readonly revokeTimeoutMs: number;
}

/** A Kafka client library, behind what the log needs of it: one topic. */
export interface KafkaClient {
  openProducer(): Promise<KafkaProducer>;
  openAdmin(): Promise<KafkaAdmin>;
  /** Gives how to leave. Resolves once the group has given it something for the first time. */
  joinGroup(group: { groupId: string; times: GroupTimes; listener: KafkaListener }): Promise<() => Promise<void>>;
}
