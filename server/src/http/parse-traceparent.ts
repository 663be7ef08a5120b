const shape = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const nothing = /^0+$/;

/**
 * Gives a `traceparent` header as version 00 writes it (`00-<trace id>-<parent id>-<flags>`), or null where there is none or it is
 * invalid: then it counts as not sent. Of a later version, the parts that are known count. Never throws.
 * Source: https://www.w3.org/TR/trace-context/#traceparent-header
 */
export function parseTraceparent(header: string | string[] | undefined): string | null {
  if (typeof header !== 'string') return null;
  const [, version, traceId = '', parentId = '', flags, more] = shape.exec(header.trim()) ?? [];
  if (version === undefined || version === 'ff' || (version === '00' && more !== undefined)) return null;
  if (nothing.test(traceId) || nothing.test(parentId)) return null;
  return `00-${traceId}-${parentId}-${flags}`;
}

/** Gives the trace id of what `parseTraceparent` gave: 32 hex digits. */
export function toTraceId(traceparent: string): string {
  return traceparent.slice(3, 35);
}
