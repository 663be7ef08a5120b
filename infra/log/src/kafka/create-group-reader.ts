import type { AppError } from '@px-platform/runtime';
import type { GroupReader } from '../log-group.ts';
import { untilAborted } from '../until-aborted.ts';
import { createEndsAsker } from './create-ends-asker.ts';
import type { KafkaAdmin, KafkaAssignment } from './kafka-client.ts';
import { toLogError } from './kafka-failure.ts';
import type { PartitionBuffer } from './partition-buffer.ts';
import { toPlanNote } from './plan-note.ts';

/** How long a read waits for what its partition holds and was not fetched yet. */
const fetchTimeoutMs = 2_000;

/** A partition of the generation: what is committed of it, and what was fetched. */
export interface AssignedPartition {
  committed: number;
  /** End of the batch that was planned from there. */
  plannedEnd: number | null;
  readonly buffer: PartitionBuffer;
}

/** A reader, and how its owner ends it. */
export interface EndableReader {
  readonly reader: GroupReader;
  /** From now on every call throws this. */
  end(error: AppError): void;
}

/**
 * Builds the reader of one generation of a group. A read gives what has been fetched by then, maybe less than its limits allow; none
 * means that there is nothing, as of a moment after it was asked.
 */
export function createGroupReader(options: {
  readonly logId: string;
  readonly topic: string;
  readonly assignment: KafkaAssignment;
  readonly partitions: ReadonlyMap<number, AssignedPartition>;
  readonly partitionCount: number;
  readonly admin: KafkaAdmin;
}): EndableReader {
  const { logId, topic, assignment, partitions, partitionCount, admin } = options;
  const askEnds = createEndsAsker(() => admin.ends());
  let ended: AppError | null = null;
  let commits: Promise<unknown> = Promise.resolve();

  function of(partition: number): AssignedPartition {
    if (ended !== null) throw ended;
    const found = partitions.get(partition);
    if (found !== undefined) return found;
    const given = assignment.partitions.join(', ') || 'no';
    throw new RangeError(`This member of the group reads partitions ${given} of topic ${topic}, not ${partition}.`);
  }

  async function askEnd(partition: number): Promise<number> {
    try {
      return (await askEnds())[partition] ?? 0;
    } catch (thrown) {
      throw toLogError(`Asking for the end of topic ${topic}`, thrown);
    }
  }

  /** Waits until something from `from` on is here, for a while: the last positions of a partition may hold nothing of ours. */
  async function untilFetched({ buffer }: AssignedPartition, from: number, end: number): Promise<void> {
    if (!buffer.covers(from)) buffer.seek(from);
    const tooLong = new AbortController();
    const timer = setTimeout(() => tooLong.abort(), fetchTimeoutMs);
    const late = new Promise((resolve) => tooLong.signal.addEventListener('abort', resolve));
    while (!tooLong.signal.aborted && buffer.covers(from) && buffer.next() < end && !buffer.holds(from)) {
      await Promise.race([buffer.changed(), late]);
    }
    clearTimeout(timer);
  }

  /** One after the other, so that none moves back what another has moved on. */
  function inTurn(work: () => Promise<void>): Promise<void> {
    const done = commits.then(work);
    commits = done.catch(() => undefined);
    return done;
  }

  async function write(partition: number, next: number, plannedEnd: number | null): Promise<void> {
    const kept = of(partition);
    try {
      await assignment.commit(partition, { next, note: plannedEnd === null ? '' : toPlanNote(plannedEnd) });
    } catch (thrown) {
      throw toLogError(`Committing position ${next} of partition ${partition} of topic ${topic}`, thrown);
    }
    kept.committed = next;
    kept.plannedEnd = plannedEnd;
  }

  const reader: GroupReader = {
    logId,
    partitions: assignment.partitions,
    partitionCount,
    async committed(partition) {
      return of(partition).committed;
    },
    async read(partition, from, limits) {
      const kept = of(partition);
      const start = Math.max(from, kept.committed);
      const here = kept.buffer.take(start, limits);
      if (here.length > 0) return here;
      const end = await askEnd(partition);
      if (start < end) await untilFetched(kept, start, end);
      return of(partition).buffer.take(start, limits);
    },
    async commit(partition, next) {
      const { committed, buffer } = of(partition);
      if (next > Math.max(committed, buffer.next()) && next > (await askEnd(partition))) {
        throw new RangeError(`Partition ${partition} of topic ${topic} ends before ${next}.`);
      }
      await inTurn(async () => {
        if (next > of(partition).committed) await write(partition, next, null);
      });
    },
    async plan(partition, end) {
      of(partition);
      await inTurn(() => write(partition, of(partition).committed, end));
    },
    async planned(partition) {
      return of(partition).plannedEnd;
    },
    async arrived(partition, from, aborted) {
      const kept = partitions.get(partition);
      if (kept === undefined) return;
      const { buffer } = kept;
      // What is not covered is for the next read to seek.
      while (!aborted.aborted && ended === null && buffer.covers(from) && !buffer.holds(from)) {
        await untilAborted(buffer.changed(), aborted);
      }
    },
  };
  return {
    reader,
    end(error) {
      ended = error;
      for (const { buffer } of partitions.values()) buffer.wake();
    },
  };
}
