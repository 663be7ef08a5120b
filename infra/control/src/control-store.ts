import type { IpPolicy, ProjectSettings, ProjectSettingsChange } from '@px-platform/schemas';

/** What a tenant pays for: its rate limits. Source: contract 3. */
export type Tier = 'free' | 'pro' | 'enterprise';
/** `pub` stands in pages and only writes events; `srv` is for servers and carries scopes. */
export type KeyKind = 'pub' | 'srv';
/** What a key's text says of its use; both are treated alike. */
export type KeyMode = 'live' | 'test';
/** What a key may do: the closed list. Source: contract 3. */
export type Scope = 'events:write' | 'audit:write' | 'query:read' | 'admin';

/** A customer account, which owns projects. */
export interface Tenant {
  id: string;
  /** Unique; lower-case letters, digits and hyphens, 1..63. */
  slug: string;
  tier: Tier;
  created_at: Date;
}

/** A site or an app, which owns keys and events. */
export interface Project {
  id: string;
  tenant_id: string;
  /** Unique within its tenant. */
  name: string;
  /** Origins that may use the project's `pub` keys: exact, or `https://*.acme.com`; empty: any. */
  origins: string[];
  ip_policy: IpPolicy;
  retention_days: number;
  /** Grows with each change of the project's event schemas; 0 where it never had one. */
  plan_version: number;
  /** What it asks of the processing of its events; `{}` where nothing. */
  settings: ProjectSettings;
  created_at: Date;
}

/** What is to be changed of a project: what is left out stays. Settings are changed one by one, null takes one back. */
export interface ProjectChange {
  origins?: string[] | undefined;
  ip_policy?: IpPolicy | undefined;
  retention_days?: number | undefined;
  settings?: ProjectSettingsChange | undefined;
}

/** What is to be changed of a key: what is left out stays. `rate_per_minute` null: that of its tenant's tier. */
export interface KeyChange {
  name?: string | undefined;
  rate_per_minute?: number | null | undefined;
}

/** What becomes of an event that does not fit its schema: `off` looks at none, `warn` stores and marks it. Source: contract 3. */
export type PlanMode = 'off' | 'warn' | 'reject';

/** What one of a project's events must look like. */
export interface EventSchema {
  project_id: string;
  /** Unique within its project. */
  event: string;
  mode: PlanMode;
  /** JSON Schema, as it was given. */
  schema: Record<string, unknown>;
  updated_at: Date;
}

/** A key as it is stored: the secret itself is not. */
export interface StoredKey {
  id: string;
  project_id: string;
  kind: KeyKind;
  mode: KeyMode;
  name: string;
  /** The secret's first characters, `px_pub_live_AbCd`, to tell keys apart in lists and logs. */
  prefix: string;
  scopes: Scope[];
  created_at: Date;
  expires_at: Date | null;
  last_used_at: Date | null;
  revoked_at: Date | null;
  rate_per_minute: number | null;
}

/** All that a request needs to know of its key, in one look-up. */
export interface KeyGrant {
  key: StoredKey;
  project: Project;
  tenant: Tenant;
}

/** `created` is false where it existed: then it is given as it is. */
export interface Created<T> {
  created: boolean;
  value: T;
}

/** Tenants, projects, keys and event schemas. Each method throws `control_unavailable` where the database can't be reached. */
export interface ControlStore {
  createTenant(input: { slug: string; tier: Tier }): Promise<Created<Tenant>>;
  findTenant(slugOrId: string): Promise<Tenant | null>;
  listTenants(): Promise<Tenant[]>;
  /** Gives the tenant as it is now, or null where there is none; so with what is changed below. */
  updateTenant(slugOrId: string, change: { tier: Tier }): Promise<Tenant | null>;
  createProject(input: {
    tenantId: string;
    name: string;
    origins: string[];
    ipPolicy: IpPolicy;
    retentionDays: number;
    /** None where left out. */
    settings?: ProjectSettings | undefined;
  }): Promise<Created<Project>>;
  findProject(id: string): Promise<Project | null>;
  listProjects(tenantId: string | null): Promise<Project[]>;
  /** Changes of one project at once are all kept, also of its settings. */
  updateProject(id: string, change: ProjectChange): Promise<Project | null>;
  /** Sets an event's schema, in place of the one it has; with it the project's `plan_version` grows. */
  putEventSchema(input: {
    projectId: string;
    event: string;
    mode: PlanMode;
    schema: Record<string, unknown>;
  }): Promise<Created<EventSchema>>;
  /** By the events' names. */
  listEventSchemas(projectId: string): Promise<EventSchema[]>;
  findEventSchema(projectId: string, event: string): Promise<EventSchema | null>;
  /** Gives what it was, or null where there is none; with it the project's `plan_version` grows. */
  deleteEventSchema(projectId: string, event: string): Promise<EventSchema | null>;
  /** Stores a key by its SHA-256 (lower-case hex); the secret is made by the caller with `createSecret`. */
  createKey(input: {
    projectId: string;
    kind: KeyKind;
    mode: KeyMode;
    name: string;
    prefix: string;
    secretSha256: string;
    scopes: Scope[];
    expiresAt: Date | null;
    ratePerMinute: number | null;
  }): Promise<StoredKey>;
  findKey(id: string): Promise<StoredKey | null>;
  findGrant(secretSha256: string): Promise<KeyGrant | null>;
  listKeys(projectId: string): Promise<StoredKey[]>;
  updateKey(id: string, change: KeyChange): Promise<StoredKey | null>;
  /** Sets `revoked_at` where it is not set; gives the key, or null where there is none. */
  revokeKey(id: string, at: Date): Promise<StoredKey | null>;
  setKeyExpiry(id: string, at: Date): Promise<StoredKey | null>;
  touchKeys(uses: readonly { id: string; at: Date }[]): Promise<void>;
  ping(): Promise<void>;
  close(): Promise<void>;
}
