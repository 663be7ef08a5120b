import type { GroupReader, LogGroup, LogMember } from '../../src/log-group.ts';

/** A member of a group that writes down what it is told. */
export interface WatchedMember extends LogMember {
  readonly readers: readonly GroupReader[];
  /** What happened, in order: `assigned 0,1` and `revoked`. */
  readonly told: readonly string[];
  readonly failures: readonly unknown[];
  /** The partitions of the present generation; null between two. */
  partitions(): readonly number[] | null;
  /** The reader of the present generation. */
  reader(): GroupReader;
}

/** Builds such a member; `onRevoked` is what its end of a generation takes. */
export function watchMember(onRevoked: () => Promise<void> = async () => undefined): WatchedMember {
  const readers: GroupReader[] = [];
  const told: string[] = [];
  const failures: unknown[] = [];
  let present: GroupReader | null = null;
  return {
    readers,
    told,
    failures,
    assigned(reader) {
      told.push(`assigned ${reader.partitions.join()}`);
      readers.push(reader);
      present = reader;
    },
    async revoked() {
      present = null;
      await onRevoked();
      told.push('revoked');
    },
    failed: (error) => void failures.push(error),
    partitions: () => present?.partitions ?? null,
    reader() {
      if (present === null) throw new Error(`The member has no reader: ${told.join('; ')}`);
      return present;
    },
  };
}

/** Waits until each of these members holds its share, and all partitions are held. */
export async function untilShared(members: readonly WatchedMember[], partitions: number): Promise<void> {
  const { expect } = await import('vitest');
  await expect
    .poll(() => members.map((member) => member.partitions()?.length ?? -1).toSorted(), { timeout: 40_000 })
    .toEqual(members.map((_, place) => Math.floor((partitions + place) / members.length)).toSorted());
}

/** Leaves with all of them. */
export async function leaveAll(groups: readonly LogGroup[]): Promise<void> {
  await Promise.all(groups.map((group) => group.leave()));
}
