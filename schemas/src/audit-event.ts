import { z } from 'zod';
import { eventLimits } from './limits.ts';

/** Who did it: a person, a service, a job. */
export interface AuditActor {
  /** 1..200 characters. */
  id: string;
  /** 1..100 characters, such as `user` or `service`. */
  type: string;
  /** Up to 320 characters. */
  email?: string;
}

/** An audit event as a client sends it: who did what to which thing. Source: contract 2. */
export interface WireAuditEvent {
  /** UUID; one audit event per (project, event_id), for ever. */
  event_id?: string;
  actor: AuditActor;
  /** 1..200 characters; stored in lower case. */
  action: { name: string };
  /** Each 1..200 characters. */
  resource: { type: string; id: string };
  /** 1..100 characters, such as `success` or `denied`. */
  result?: string;
  /** RFC 3339 with offset, the client's clock; default: received time. */
  timestamp?: string;
  /** Bounded as an event's `properties`. */
  metadata?: Record<string, unknown>;
}

/** An audit event as ingest accepted it: checked, with an id. */
export type AcceptedAuditEvent = WireAuditEvent & { event_id: string };

type Shape<T> = z.ZodType<T, unknown>;

const text = (maxLength: number) => z.string().trim().min(1).max(maxLength);
const name = text(eventLimits.maxEventNameLength);

const auditEvent = z.strictObject({
  event_id: z.guid().toLowerCase().optional(),
  actor: z.strictObject({
    id: text(eventLimits.maxPersonIdLength),
    type: text(100),
    email: text(320).optional(),
  }),
  action: z.strictObject({ name: name.toLowerCase() }),
  resource: z.strictObject({ type: name, id: name }),
  result: text(100).optional(),
  timestamp: z.iso.datetime({ offset: true }).optional(),
  metadata: z.record(z.string(), z.unknown()).optional(),
});

/** Parses one audit event's shape. A field that is not known is refused: what is evidence is not dropped in silence. */
export const wireAuditEventSchema = auditEvent as unknown as Shape<WireAuditEvent>;

/** Tells what the body of the route of one audit event looks like: what a batch has around its events stands beside its fields. */
export const singleAuditEventSchema = auditEvent.extend({
  sent_at: z.iso.datetime({ offset: true }).optional(),
  api_key: z.string().max(200).optional(),
});

/**
 * One message of the audit topic: the audit events of one request, at most 512 KiB as JSON, keyed by the project, so
 * that a project's stay in order. Instants are epoch ms.
 */
export interface AuditRecord {
  v: 1;
  tenant_id: string;
  project_id: string;
  key_prefix: string;
  request_id: string;
  /** W3C Trace Context of the request, where it came with one. */
  traceparent?: string;
  schema_version: string;
  received_at: number;
  sent_at: number | null;
  events: AcceptedAuditEvent[];
}

const recordSchema = z.object({
  v: z.literal(1),
  tenant_id: z.string().min(1),
  project_id: z.string().min(1),
  key_prefix: z.string(),
  request_id: z.string(),
  traceparent: z.string().optional(),
  schema_version: z.string(),
  received_at: z.number(),
  sent_at: z.number().nullable(),
  events: z.array(
    z.object({
      event_id: z.guid(),
      actor: z.object({ id: z.string(), type: z.string() }),
      action: z.object({ name: z.string() }),
      resource: z.object({ type: z.string(), id: z.string() }),
    }),
  ),
});

/** Parses the bytes of an audit record: UTF-8 JSON. Gives the record, or null where it is none; never throws. */
export function parseAuditRecord(payload: Uint8Array): AuditRecord | null {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString());
    return recordSchema.safeParse(parsed).success ? (parsed as AuditRecord) : null;
  } catch {
    return null;
  }
}
