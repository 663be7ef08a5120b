export type { RandomBytes } from './base62.ts';
export type {
  ControlStore,
  Created,
  EventSchema,
  KeyChange,
  KeyGrant,
  KeyKind,
  KeyMode,
  PlanMode,
  Project,
  ProjectChange,
  Scope,
  StoredKey,
  Tenant,
  Tier,
} from './control-store.ts';
export { createDrizzleControlStore, type DrizzleControlOptions } from './drizzle-store.ts';
export { createSecret, parseSecret, type SecretParts, toKeyPrefix, toSecretSha256 } from './key-secret.ts';
export { createMemoryControl } from './memory.ts';
export { openPgliteControl, type PgliteOptions } from './pglite.ts';
export { openLatePostgresControl, openPostgresControl, type PostgresOptions } from './postgres.ts';
