export type { AuditBatch, AuditReader, AuditStore } from './audit-store.ts';
export type { DeadLetterStore, LetterPage, LetterRange } from './dead-letters/dead-letter-store.ts';
export { createMemoryDeadLetters, type MemoryDeadLetters } from './dead-letters/memory-dead-letters.ts';
export type {
  EventReader,
  EventStore,
  LogShare,
  RowBatch,
  StoredId,
  StoredRow,
  StoredSession,
  Uncommitted,
} from './event-store.ts';
export type {
  Group,
  IdentityDecision,
  IdentityDecisionKind,
  IdentityStore,
  MergeOutcome,
  Person,
  PersonMerge,
} from './identity/identity-store.ts';
export { createMemoryStore } from './memory.ts';
export { createMemoryAuditStore } from './memory-audit.ts';
export { openEmbeddedStore } from './open-embedded.ts';
export { openLateServerStore } from './open-server.ts';
export type { OpenStore } from './open-store.ts';
export { createMemoryPurgeStore } from './purge/memory-purges.ts';
export type { Purge, PurgeDesk, PurgePreview, PurgeStore, PurgeSubject, Tombstone } from './purge/purge-store.ts';
export type { ReplicaTelemetry } from './replicas/replica.ts';
export type { RollupCheck, RollupProgress, RollupRange, RollupStore } from './rollups/rollup-store.ts';
export { toText as toDifferenceText } from './self-check/check-tables.ts';
export { type StorePlace, storeConfigSchema, toStorePlace } from './store-place.ts';
export { createMemorySaltStore } from './visitor-salts/memory-salts.ts';
export type { SaltStore } from './visitor-salts/salt-store.ts';
