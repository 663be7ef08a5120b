/** A request as far as authentication reads it; express's request fits. */
export interface SecretSource {
  header(name: string): string | undefined;
  readonly query: Readonly<Record<string, unknown>>;
}

/**
 * Gives the key or read token that a request bears, or null. Where several stand, the first of these
 * counts: `Authorization` (Bearer, or Basic with the key as user name), `X-API-Key`, `?api_key=`,
 * `?token=`, `api_key` of the body. The query is for `sendBeacon` and `EventSource`, which set no
 * header. Source: contract 2.
 */
export function findSecret(source: SecretSource, bodyKey: string | undefined): string | null {
  return (
    fromAuthorization(source.header('authorization')) ||
    source.header('x-api-key')?.trim() ||
    fromQuery(source.query['api_key']) ||
    fromQuery(source.query['token']) ||
    bodyKey ||
    null
  );
}

function fromAuthorization(header: string | undefined): string | null {
  const match = /^(Bearer|Basic) +(\S+) *$/i.exec(header ?? '');
  const [, scheme, value] = match ?? [];
  if (scheme === undefined || value === undefined) return null;
  if (scheme.toLowerCase() === 'bearer') return value;
  return Buffer.from(value, 'base64').toString('utf8').split(':', 1)[0] ?? null;
}

/** A parameter given twice is an array: no key, rather than one picked by chance. */
function fromQuery(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
