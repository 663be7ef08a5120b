import type { Ask, Calls } from '@px-platform/runtime';
import type { IdentityDecision, IdentityStore } from './identity-store.ts';

/** The calls by which another process asks and decides who is who, for `serveCalls`. */
export function toIdentityCalls(identity: IdentityStore): Calls {
  return {
    'identity.decide': (decisions: readonly IdentityDecision[]) => identity.decide(decisions),
    'identity.mergesOf': (projectId: string, id: string, limit: number) => identity.mergesOf(projectId, id, limit),
    'identity.personOf': (projectId: string, id: string) => identity.personOf(projectId, id),
    'identity.groupOf': (projectId: string, groupId: string) => identity.groupOf(projectId, groupId),
  };
}

/** Who is who in another process than the engine: keeps the contract of the store that is served. */
export function connectIdentity(ask: Ask): IdentityStore {
  return {
    decide: (decisions) => ask('identity.decide', decisions),
    mergesOf: (projectId, id, limit) => ask('identity.mergesOf', projectId, id, limit),
    personOf: (projectId, id) => ask('identity.personOf', projectId, id),
    groupOf: (projectId, groupId) => ask('identity.groupOf', projectId, groupId),
  };
}
