import type { IncomingHttpHeaders } from 'node:http';
import type { ProjectSettings } from '@px-platform/schemas';
import type { RequestContext } from '../http/request-context.ts';
import { toAddress } from '../http/to-address.ts';
import type { ParsedBatch } from './parse-batch.ts';
import type { KeyCaller } from './receive.ts';
import type { RecordHead } from './to-records.ts';

/** The part of express's request that a record keeps. `ip` honours `TRUST_PROXY`. */
export interface RequestOrigin {
  readonly ip?: string | undefined;
  readonly headers: IncomingHttpHeaders;
}

/** Gives what a request's records share: whose they are, when and from where they came, what the batch sets. */
export function toRecordHead(
  origin: RequestOrigin,
  request: {
    readonly context: RequestContext;
    readonly caller: KeyCaller;
    readonly batch: ParsedBatch;
    readonly schemaVersion: string;
  },
): RecordHead {
  const { context, caller, batch, schemaVersion } = request;
  const { context: eventContext, session_id } = batch.defaults;
  return {
    tenant_id: caller.tenant.id,
    project_id: caller.project.id,
    ip_policy: caller.project.ip_policy,
    retention_days: caller.project.retention_days,
    ...(isEmpty(caller.project.settings) ? {} : { settings: caller.project.settings }),
    key_prefix: caller.grant.key.prefix,
    request_id: context.requestId,
    ...(context.traceparent === null ? {} : { traceparent: context.traceparent }),
    schema_version: schemaVersion,
    received_at: context.receivedAt,
    sent_at: batch.sentAt,
    ip: toAddress(origin.ip),
    user_agent: origin.headers['user-agent'] ?? '',
    ...(origin.headers['sec-gpc'] === '1' ? { gpc: true as const } : {}),
    client_hints: toClientHints(origin.headers),
    ...(eventContext === undefined ? {} : { context: eventContext }),
    ...(session_id === undefined ? {} : { session_id }),
  };
}

function isEmpty(settings: ProjectSettings): boolean {
  for (const _ in settings) return false;
  return true;
}

/** `Sec-CH-UA*` headers, which say more of the browser than its user agent. https://wicg.github.io/ua-client-hints */
function toClientHints(headers: IncomingHttpHeaders): Record<string, string> {
  const hints: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    if (name.startsWith('sec-ch-ua') && typeof value === 'string') hints[name] = value;
  }
  return hints;
}
