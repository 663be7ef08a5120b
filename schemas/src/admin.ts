import { z } from 'zod';
import { projectSettingsSchema } from './project-settings.ts';

const instant = z.iso.datetime();
const optionalInstant = instant.nullable();

/** A tenant as `/admin/v1` tells it. Instants are RFC 3339 in UTC, here and below. */
export const tenantAnswerSchema = z.object({
  tenant_id: z.string(),
  slug: z.string(),
  tier: z.enum(['free', 'pro', 'enterprise']),
  created_at: instant,
});

/** A project as `/admin/v1` tells it. `origins` empty: any page may use its `pub` keys. */
export const projectAnswerSchema = z.object({
  project_id: z.string(),
  tenant_id: z.string(),
  name: z.string(),
  origins: z.array(z.string()),
  ip_policy: z.enum(['drop', 'truncate', 'keep']),
  retention_days: z.number(),
  /** Grows with each change of its event schemas. */
  plan_version: z.number(),
  /** `{}` where it has none. */
  settings: z.object(projectSettingsSchema.shape),
  created_at: instant,
});

/** What becomes of an event that does not fit its schema. */
export const planModeSchema = z.enum(['off', 'warn', 'reject']);

/** The schema of an event as `/admin/v1` tells it; `schema` as it was given. */
export const eventSchemaAnswerSchema = z.object({
  project_id: z.string(),
  event: z.string(),
  mode: planModeSchema,
  schema: z.record(z.string(), z.unknown()),
  updated_at: instant,
});

/** A key as `/admin/v1` tells it; its secret is in `NewKeyAnswer` alone. */
export const keyAnswerSchema = z.object({
  key_id: z.string(),
  project_id: z.string(),
  kind: z.enum(['pub', 'srv']),
  mode: z.enum(['live', 'test']),
  name: z.string(),
  prefix: z.string(),
  scopes: z.array(z.enum(['events:write', 'audit:write', 'query:read', 'admin'])),
  created_at: instant,
  expires_at: optionalInstant,
  last_used_at: optionalInstant,
  revoked_at: optionalInstant,
  rate_per_minute: z.number().nullable(),
});

/** Answer to making a key. `key` is the secret, given where it was made and never again. */
export const newKeyAnswerSchema = z.object({
  created: z.boolean(),
  key: z.string().optional(),
  ...keyAnswerSchema.shape,
});

/** Answer to rotating a key: the new one, and the instant until which the old one is taken. */
export const rotatedKeyAnswerSchema = newKeyAnswerSchema.extend({ rotated_key_id: z.string(), rotated_until: instant });

/** Answer to making a tenant or a project: 201, or 200 with the one that is there already. */
export const newTenantAnswerSchema = tenantAnswerSchema.extend({ created: z.boolean() });
/** As above, of a project. */
export const newProjectAnswerSchema = projectAnswerSchema.extend({ created: z.boolean() });

/** Lists, oldest first. */
export const tenantListSchema = z.object({ tenants: z.array(tenantAnswerSchema) });
/** As above, of projects. */
export const projectListSchema = z.object({ projects: z.array(projectAnswerSchema) });
/** As above, of a project's keys, revoked ones too. */
export const keyListSchema = z.object({ keys: z.array(keyAnswerSchema) });

/** As above, of a project's event schemas. */
export const eventSchemaListSchema = z.object({ event_schemas: z.array(eventSchemaAnswerSchema) });
/** Answer to putting an event's schema, and to deleting it. */
export const newEventSchemaAnswerSchema = eventSchemaAnswerSchema.extend({ created: z.boolean() });
/** As above. */
export const deletedEventSchemaAnswerSchema = eventSchemaAnswerSchema.extend({ deleted: z.literal(true) });

/** Answer to making a read token. */
export const readTokenAnswerSchema = z.object({ token: z.string(), project_id: z.string(), expires_at: instant });

/** What could not be decoded or stored, newest first; `payload` is the original bytes, base64. */
export const deadLetterListSchema = z.object({
  dead_letters: z.array(
    z.object({
      reason: z.string(),
      stage: z.string(),
      message: z.string(),
      project_id: z.string(),
      log: z.string(),
      partition: z.number(),
      offset: z.number(),
      index: z.number(),
      received_at: instant,
      payload: z.string(),
    }),
  ),
});

/** A letter that stays where it is, and why: `no_record` where its bytes are none that this version reads. */
export const keptLetterSchema = z.object({
  why: z.enum(['no_record']),
  reason: z.string(),
  stage: z.string(),
  message: z.string(),
  project_id: z.string(),
  log: z.string(),
  partition: z.number(),
  offset: z.number(),
  index: z.number(),
});

/**
 * Answer to a page of a replay: letters whose records the log has taken again, and those that stay; how many stand behind
 * this page, and `after` to ask for them, null where there are none.
 */
export const letterReplayAnswerSchema = z.object({
  replayed: z.number(),
  kept: z.array(keptLetterSchema),
  left: z.number(),
  after: z.string().nullable(),
});

/** As `letterReplayAnswerSchema` parses it. */
export type LetterReplayAnswer = z.infer<typeof letterReplayAnswerSchema>;
/** As `tenantAnswerSchema` parses it; so with the types below. */
export type TenantAnswer = z.infer<typeof tenantAnswerSchema>;
/** As `projectAnswerSchema` parses it. */
export type ProjectAnswer = z.infer<typeof projectAnswerSchema>;
/** As `eventSchemaAnswerSchema` parses it. */
export type EventSchemaAnswer = z.infer<typeof eventSchemaAnswerSchema>;
/** As `keyAnswerSchema` parses it. */
export type KeyAnswer = z.infer<typeof keyAnswerSchema>;
/** As `newKeyAnswerSchema` parses it. */
export type NewKeyAnswer = z.infer<typeof newKeyAnswerSchema>;
/** As `rotatedKeyAnswerSchema` parses it. */
export type RotatedKeyAnswer = z.infer<typeof rotatedKeyAnswerSchema>;

const rowsByTable = z.record(z.string(), z.number());
const subject = z.enum(['user_id', 'anonymous_id', 'email']);

/** A purge as `/admin/v1` tells it: `found` and `left` are rows by table, before and after. It says of nobody who it was. */
export const purgeAnswerSchema = z.object({
  purge_id: z.string(),
  project_id: z.string(),
  subject,
  state: z.enum(['requested', 'deleting', 'incomplete', 'done', 'refused']),
  requested_at: instant,
  /** What was made or received up to here is removed, and does not come back. */
  deleted_before: optionalInstant,
  finished_at: optionalInstant,
  ids: z.number(),
  found: rowsByTable,
  left: rowsByTable,
});

/** What a purge would remove. */
export const purgePreviewSchema = z.object({
  dry_run: z.literal(true),
  project_id: z.string(),
  subject,
  ids: z.number(),
  found: rowsByTable,
});

/** As `purgeAnswerSchema` parses it. */
export type PurgeAnswer = z.infer<typeof purgeAnswerSchema>;
