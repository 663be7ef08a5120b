import { z } from 'zod';
import type { KnownFacts } from './import-event.ts';
import type { ProjectSettings } from './project-settings.ts';
import type { EventContext, WireEvent } from './wire-event.ts';

/** What a project asks of the visitor's IP address. Source: contract 4. */
export type IpPolicy = 'drop' | 'truncate' | 'keep';

/** An event as ingest accepted it: checked, with an id; person ids are resolved against the batch. */
export type AcceptedEvent = WireEvent & {
  event_id: string;
  /** Where it does not fit its project's tracking plan, and which keyword says so; at most 200 characters. */
  schema_violation?: string;
  /** Of an imported event whose export had them. */
  known?: KnownFacts;
};

/**
 * One message of the log: all events of one person in one request, at most 512 KiB as JSON, keyed
 * `project_id:person_key`. Instants are epoch ms. Carries what the processor must know of the
 * project, so that it reads no control store. Source: contract 1.
 */
export interface LogRecord {
  v: 1;
  tenant_id: string;
  project_id: string;
  ip_policy: IpPolicy;
  retention_days: number;
  /** Where the project has any. */
  settings?: ProjectSettings;
  key_prefix: string;
  request_id: string;
  /** W3C Trace Context of the request, where it came with one. */
  traceparent?: string;
  schema_version: string;
  received_at: number;
  sent_at: number | null;
  ip: string;
  user_agent: string;
  /** The request came with `Sec-GPC: 1`. https://www.w3.org/TR/gpc/ */
  gpc?: true;
  /** `Sec-CH-UA*` headers by lower-case name. */
  client_hints: Record<string, string>;
  /** `anonymous_id` where there is one, else `user_id`. */
  person_key: string;
  /** Batch level: holds, key by key, for each event that does not set it. */
  context?: EventContext;
  session_id?: string;
  events: AcceptedEvent[];
}

// What an administrator may give is checked where it is given; a record asks for the shape alone.
const settingsSchema = z.object({
  internal_hosts: z.array(z.string()).optional(),
  payment_hosts: z.array(z.string()).optional(),
  denied_properties: z.array(z.string()).optional(),
  cookieless_visitors: z.boolean().optional(),
}) satisfies z.ZodType<ProjectSettings>;

// The parsed value itself is given on, so what a later version adds stays; the schema's own copy need not hold it.
const recordSchema = z.object({
  v: z.literal(1),
  tenant_id: z.string(),
  project_id: z.string().min(1),
  ip_policy: z.enum(['drop', 'truncate', 'keep']),
  retention_days: z.number(),
  settings: settingsSchema.optional(),
  key_prefix: z.string(),
  request_id: z.string(),
  traceparent: z.string().optional(),
  schema_version: z.string(),
  received_at: z.number(),
  sent_at: z.number().nullable(),
  ip: z.string(),
  user_agent: z.string(),
  gpc: z.literal(true).optional(),
  client_hints: z.record(z.string(), z.string()),
  person_key: z.string().min(1),
  context: z.record(z.string(), z.unknown()).optional(),
  session_id: z.string().optional(),
  events: z.array(z.object({ event: z.string(), event_id: z.guid(), schema_violation: z.string().optional() })),
});

/** Gives the log message's key: a person's events share it, and so a partition and an order. */
export function toRecordKey(projectId: string, personKey: string): string {
  return `${projectId}:${personKey}`;
}

/** Gives the record's bytes: UTF-8 JSON. */
export function encodeLogRecord(record: LogRecord): Buffer {
  return Buffer.from(JSON.stringify(record));
}

/** Parses a record's bytes. Gives the record, or null where it is none; never throws. */
export function parseLogRecord(payload: Uint8Array): LogRecord | null {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString());
    return recordSchema.safeParse(parsed).success ? (parsed as LogRecord) : null;
  } catch {
    return null;
  }
}
