export type {
  ControlStore,
  Created,
  KeyGrant,
  KeyKind,
  KeyMode,
  Project,
  Scope,
  StoredKey,
  Tenant,
  Tier,
} from './control-store.ts';
