import { toTombstoneHash } from '@px-platform/schemas';
import type { Purge, PurgeStore, PurgeSubject, StoredTombstone } from './purge-store.ts';

/**
 * Gives purges that are noted in memory and remove nothing, for tests of what stands above; a subject is one id, and its tombstone
 * is of the age that a test says.
 */
export function createMemoryPurgeStore(age: { ms: number } = { ms: 0 }): PurgeStore {
  const purges = new Map<string, Purge>();
  const subjects = new Map<string, PurgeSubject>();
  const stones: Omit<StoredTombstone, 'ageMs'>[] = [];
  const note = (purge: Purge): Purge => {
    purges.set(purge.id, purge);
    return purge;
  };
  return {
    async request({ id, projectId, subject, at }) {
      subjects.set(id, subject);
      const none = { deletedBefore: null, finishedAt: null, ids: 0, found: {}, left: {} };
      return note({ id, projectId, kind: subject.kind, state: 'requested', requestedAt: at, ...none });
    },
    async find(projectId, id) {
      const purge = purges.get(id);
      return purge?.projectId === projectId ? purge : null;
    },
    preview: async () => ({ ids: 1, found: {} }),
    tidy: async () => undefined,
    pending: async () => [...purges.values()].filter(({ state }) => state === 'requested' || state === 'deleting'),
    async begin(purge, before) {
      const { kind, value } = subjects.get(purge.id) ?? { kind: 'user_id', value: '' };
      const hash = toTombstoneHash(purge.projectId, kind === 'email' ? 'email' : 'id', value);
      stones.push({ projectId: purge.projectId, hash, purgedAt: before });
      return note({ ...purge, state: 'deleting', deletedBefore: before, ids: 1 });
    },
    finish: async (purge, at) => note({ ...purge, state: 'done', finishedAt: at }),
    tombstones: async () => stones.map((stone) => ({ ...stone, ageMs: age.ms })),
  };
}
