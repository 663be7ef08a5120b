export type { AuditBatch, AuditReader, AuditStore } from './audit-store.ts';
export type {
  EventReader,
  EventStore,
  RowBatch,
  StoredId,
  StoredRow,
  StoredSession,
  Uncommitted,
} from './event-store.ts';
export type { IdentityDecision, IdentityStore, PersonMerge } from './identity/identity-store.ts';
export { createMemoryStore } from './memory.ts';
export { createMemoryAuditStore } from './memory-audit.ts';
export { openEmbeddedStore } from './open-embedded.ts';
export { openServerStore } from './open-server.ts';
export type { OpenStore } from './open-store.ts';
