import type { IpPolicy, ProjectSettings } from '@px-platform/schemas';
import { sql } from 'drizzle-orm';
import {
  bigint,
  check,
  index,
  integer,
  json,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  unique,
} from 'drizzle-orm/pg-core';
import type { KeyKind, KeyMode, PlanMode, Scope, Tier } from './control-store.ts';

const instant = (name: string) => timestamp(name, { withTimezone: true, precision: 3, mode: 'date' });

/** The order in which rows were made, which the time alone does not say: two may be of one millisecond. Stays in the database. */
const seq = () => bigint('seq', { mode: 'number' }).notNull().generatedAlwaysAsIdentity();

/** Customer accounts. The checks hold the closed lists that the column types claim. */
export const tenants = pgTable(
  'tenants',
  {
    id: text('id').primaryKey(),
    slug: text('slug').notNull().unique(),
    tier: text('tier').$type<Tier>().notNull(),
    created_at: instant('created_at').notNull(),
    seq: seq(),
  },
  (table) => [check('tenants_tier', sql`${table.tier} in ('free', 'pro', 'enterprise')`)],
);

/** Sites and apps; a name is unique within its tenant. */
export const projects = pgTable(
  'projects',
  {
    id: text('id').primaryKey(),
    tenant_id: text('tenant_id')
      .notNull()
      .references(() => tenants.id),
    name: text('name').notNull(),
    origins: text('origins').array().notNull(),
    ip_policy: text('ip_policy').$type<IpPolicy>().notNull(),
    retention_days: integer('retention_days').notNull(),
    plan_version: integer('plan_version').notNull().default(0),
    settings: jsonb('settings').$type<ProjectSettings>().notNull().default({}),
    created_at: instant('created_at').notNull(),
    seq: seq(),
  },
  (table) => [
    unique('projects_tenant_name').on(table.tenant_id, table.name),
    check('projects_ip_policy', sql`${table.ip_policy} in ('drop', 'truncate', 'keep')`),
  ],
);

/** Keys, by the SHA-256 of their secret (lower-case hex); the secret itself is nowhere. */
export const keys = pgTable(
  'keys',
  {
    id: text('id').primaryKey(),
    project_id: text('project_id')
      .notNull()
      .references(() => projects.id),
    kind: text('kind').$type<KeyKind>().notNull(),
    mode: text('mode').$type<KeyMode>().notNull(),
    name: text('name').notNull(),
    prefix: text('prefix').notNull(),
    secret_sha256: text('secret_sha256').notNull().unique(),
    scopes: text('scopes').array().$type<Scope[]>().notNull(),
    created_at: instant('created_at').notNull(),
    seq: seq(),
    expires_at: instant('expires_at'),
    last_used_at: instant('last_used_at'),
    revoked_at: instant('revoked_at'),
    rate_per_minute: integer('rate_per_minute'),
  },
  (table) => [
    index('keys_project').on(table.project_id),
    check('keys_kind', sql`${table.kind} in ('pub', 'srv')`),
    check('keys_mode', sql`${table.mode} in ('live', 'test')`),
    check('keys_scopes', sql`${table.scopes} <@ array['events:write', 'audit:write', 'query:read', 'admin']`),
  ],
);

/** What the events of projects must look like. `json` and not `jsonb`: it gives a schema back as it was written. */
export const eventSchemas = pgTable(
  'event_schemas',
  {
    project_id: text('project_id')
      .notNull()
      .references(() => projects.id),
    event: text('event').notNull(),
    mode: text('mode').$type<PlanMode>().notNull(),
    schema: json('schema').$type<Record<string, unknown>>().notNull(),
    updated_at: instant('updated_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.project_id, table.event] }),
    check('event_schemas_mode', sql`${table.mode} in ('off', 'warn', 'reject')`),
  ],
);
