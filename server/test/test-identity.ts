import type { Group, IdentityDecision, IdentityStore, Person, PersonMerge } from '@px-platform/store';

/** Who is who as a test says it, with what was decided. */
export interface TestIdentity extends IdentityStore {
  /** By project and id, with a blank between. */
  readonly persons: Map<string, Person>;
  /** By project and group id, with a blank between. */
  readonly groups: Map<string, Group>;
  /** Of every id, newest first. */
  readonly merges: PersonMerge[];
  readonly decisions: IdentityDecision[];
}

/** Gives one that knows nobody. */
export function createTestIdentity(): TestIdentity {
  const persons = new Map<string, Person>();
  const groups = new Map<string, Group>();
  const merges: PersonMerge[] = [];
  const decisions: IdentityDecision[] = [];
  return {
    persons,
    groups,
    merges,
    decisions,
    async decide(given) {
      decisions.push(...given);
    },
    async mergesOf(_projectId, id, limit) {
      return merges.filter((one) => one.id === id || one.userId === id).slice(0, limit);
    },
    async personOf(projectId, id) {
      return persons.get(`${projectId} ${id}`) ?? null;
    },
    async groupOf(projectId, groupId) {
      return groups.get(`${projectId} ${groupId}`) ?? null;
    },
  };
}
