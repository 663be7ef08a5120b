import type { Tombstone } from '@px-platform/store';

/** The tombstones at hand, so that a stage need not wait for the store. About 200 bytes each. */
export interface TombstoneBook {
  /** Gives when what a project's hash stands for was purged, epoch ms; null where it never was. */
  of(projectId: string, hash: string): number | null;
  /** Says whether a project has any: of most there is nothing to hash. */
  has(projectId: string): boolean;
  /** Adds tombstones; of two with one hash the later counts. */
  add(tombstones: readonly Tombstone[]): void;
}

/** Builds an empty book. */
export function createTombstoneBook(): TombstoneBook {
  const projects = new Map<string, Map<string, number>>();
  return {
    of: (projectId, hash) => projects.get(projectId)?.get(hash) ?? null,
    has: (projectId) => projects.has(projectId),
    add(tombstones) {
      for (const { projectId, hash, purgedAt } of tombstones) {
        const own = projects.get(projectId) ?? new Map<string, number>();
        projects.set(projectId, own);
        own.set(hash, Math.max(purgedAt, own.get(hash) ?? purgedAt));
      }
    },
  };
}
