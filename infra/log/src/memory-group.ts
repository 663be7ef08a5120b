import { AppError } from '@px-platform/runtime';
import type { LogReader } from './event-log.ts';
import type { GroupReader, LogGroup, LogMember } from './log-group.ts';

/** A group over one log of this process, for tests of its members: what a broker's coordinator keeps, in memory. */
export interface MemoryGroup {
  /** Gives a further member, which is none of the group until it joins. */
  member(): LogGroup;
  /**
   * Takes a member out without a word to it, as a coordinator does with one that is silent for too long: the others share its
   * partitions, and its own reader throws `log_revoked` only at the next `plan` or `commit`.
   */
  expel(member: LogGroup): Promise<void>;
}

interface Joined {
  readonly member: LogMember;
  generation: number;
  /** Aborted once the member has been told that its generation is over. */
  ending: AbortController;
}

/** Builds a group over a log. The reader's positions and committed positions are the log's own. */
export function createMemoryGroup(log: LogReader): MemoryGroup {
  const joined = new Map<LogGroup, Joined>();
  const plans = new Map<number, number>();
  let generation = 0;
  let balancing: Promise<void> = Promise.resolve();

  /** One after another: a generation begins when all members of the one before have let go. */
  function rebalance(change: () => void): Promise<void> {
    balancing = balancing.then(async () => {
      generation += 1;
      await Promise.all([...joined.values()].map(({ member }) => member.revoked()));
      change();
      const members = [...joined.values()];
      for (const [place, one] of members.entries()) {
        one.ending.abort();
        one.ending = new AbortController();
        one.generation = generation;
        const partitions = log.partitions.filter((partition) => partition % members.length === place);
        one.member.assigned(createReader(one, generation, partitions));
      }
    });
    return balancing;
  }

  function createReader(one: Joined, own: number, partitions: readonly number[]): GroupReader {
    const over = one.ending.signal;
    function ensureHeld(partition: number): void {
      if (!partitions.includes(partition)) throw new RangeError(`Partition ${partition} is not this member's.`);
      // An expelled member is not told, and reads on.
      if (one.generation !== own) throw toRevoked();
    }
    function ensureFenced(partition: number): void {
      ensureHeld(partition);
      if (generation !== own) throw toRevoked();
    }
    return {
      logId: log.logId,
      partitions,
      partitionCount: log.partitions.length,
      async committed(partition) {
        ensureHeld(partition);
        return log.committed(partition);
      },
      async read(partition, from, limits) {
        ensureHeld(partition);
        return log.read(partition, from, limits);
      },
      async commit(partition, next) {
        ensureFenced(partition);
        plans.delete(partition);
        return log.commit(partition, next);
      },
      async plan(partition, end) {
        ensureFenced(partition);
        plans.set(partition, end);
      },
      async planned(partition) {
        ensureHeld(partition);
        return plans.get(partition) ?? null;
      },
      async arrived(partition, from, aborted) {
        if (partitions.includes(partition)) await log.arrived(partition, from, AbortSignal.any([aborted, over]));
      },
    };
  }

  return {
    member() {
      const self: LogGroup = {
        join: (member) =>
          rebalance(() => {
            joined.set(self, { member, generation: 0, ending: new AbortController() });
          }),
        async leave() {
          const own = joined.get(self);
          if (own === undefined) return;
          await rebalance(() => joined.delete(self));
          own.generation = -1;
          own.ending.abort();
        },
      };
      return self;
    },
    async expel(member) {
      joined.delete(member);
      await rebalance(() => undefined);
    },
  };
}

function toRevoked(): AppError {
  return new AppError(
    'log_revoked',
    'The group has given this partition to another member; what was read of it is theirs.',
  );
}
