import { z } from 'zod';
import type { AuditRow } from './audit-row.ts';
import type { EventRow } from './event-row.ts';

/** A stored row as the routes that read tell it: every column, instants as RFC 3339 in UTC. */
export type RowAnswer = Omit<EventRow, 'timestamp' | 'received_at'> & {
  timestamp: string;
  received_at: string;
  stored_at: string;
};

const text = z.string();
const count = z.int().min(0);
const instant = z.iso.datetime();
const bag = z.record(z.string(), z.unknown());
const consent = z.enum(['granted', 'denied', '']);

/** Tells what a `RowAnswer` looks like: a line of an export, a message of the live stream. */
export const rowAnswerSchema = z.object({
  project_id: text,
  tenant_id: text,
  day: z.iso.date(),
  event: text,
  event_id: z.guid(),
  anonymous_id: text,
  user_id: text,
  person_key: text,
  session_id: z.guid(),
  timestamp: instant,
  received_at: instant,
  clock_error_ms: z.int(),
  is_late: z.boolean(),
  request_id: text,
  key_prefix: text,
  schema_version: text,
  schema_violation: text,
  url: text,
  host: text,
  path: text,
  search: text,
  title: text,
  referrer: text,
  referrer_host: text,
  channel: text,
  source: text,
  medium: text,
  utm_source: text,
  utm_medium: text,
  utm_campaign: text,
  utm_term: text,
  utm_content: text,
  click_ids: z.record(z.string(), z.string()),
  first_touch_channel: text,
  first_touch_source: text,
  first_touch_medium: text,
  first_touch_campaign: text,
  last_touch_channel: text,
  last_touch_source: text,
  last_touch_medium: text,
  last_touch_campaign: text,
  browser: text,
  browser_version: text,
  engine: text,
  os: text,
  os_version: text,
  device: text,
  device_brand: text,
  device_model: text,
  is_bot: z.boolean(),
  bot_signal: text,
  continent: text,
  country: text,
  region: text,
  city: text,
  geo_timezone: text,
  latitude: z.number().nullable(),
  longitude: z.number().nullable(),
  ip: text,
  locale: text,
  timezone: text,
  screen_width: count,
  screen_height: count,
  screen_density: z.number(),
  viewport_width: count,
  viewport_height: count,
  library_name: text,
  library_version: text,
  consent_analytics: consent,
  consent_ads: consent,
  properties: bag,
  traits: bag,
  retain_until: z.iso.date(),
  _log: text,
  _partition: count,
  _offset: count,
  _index: count,
  _partition_count: count,
  stored_at: instant,
}) satisfies z.ZodType<RowAnswer>;

/** A stored audit row as its export tells it: every column, instants as RFC 3339 in UTC, `metadata` as it came. */
export type AuditRowAnswer = Omit<AuditRow, 'timestamp' | 'received_at' | 'metadata'> & {
  timestamp: string;
  received_at: string;
  stored_at: string;
  metadata: Record<string, unknown>;
};

/** Tells what an `AuditRowAnswer` looks like: a line of its export. */
export const auditRowAnswerSchema = z.object({
  tenant_id: text,
  project_id: text,
  day: z.iso.date(),
  event_id: z.guid(),
  timestamp: instant,
  received_at: instant,
  actor_id: text,
  actor_type: text,
  actor_email: text,
  action: text,
  resource_type: text,
  resource_id: text,
  result: text,
  metadata: bag,
  request_id: text,
  key_prefix: text,
  schema_version: text,
  _log: text,
  _partition: count,
  _offset: count,
  _index: count,
  stored_at: instant,
}) satisfies z.ZodType<AuditRowAnswer>;
