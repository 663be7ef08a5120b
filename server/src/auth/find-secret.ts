import { type Problem, toProblem } from '../http/problem.ts';

/** A request as far as authentication reads it; express's request fits. A header that came twice is one with a comma. */
export interface SecretSource {
  header(name: string): string | undefined;
  readonly query: Readonly<Record<string, unknown>>;
}

/**
 * Gives the key or read token that a request bears, '' where it bears none. It may stand in `Authorization` (Bearer, or
 * Basic with the key as user name), `X-API-Key`, `?api_key=`, `?token=` and in the body; the query is for `sendBeacon` and
 * `EventSource`, which set no header. Where several stand and differ: `invalid_parameter`, since any choice of ours could store
 * events in a project that was not meant. Source: contract 2.
 */
export function findSecret(source: SecretSource, bodyKey: string | undefined): string | Problem {
  const { query } = source;
  let found = agree('', source.header('authorization'), fromAuthorization);
  found = agree(found, source.header('x-api-key'), (text) => text.trim());
  found = agree(found, query['api_key']);
  found = agree(found, query['token']);
  return agree(found, bodyKey);
}

/** Adds the secrets of one place to what was found before; several come as a list, or by comma in a header that `read` reads. */
function agree(found: string | Problem, given: unknown, read?: (text: string) => string): string | Problem {
  if (given === undefined || typeof found !== 'string') return found;
  if (Array.isArray(given)) return given.reduce<string | Problem>((before, one) => agree(before, one), found);
  if (typeof given !== 'string') return found;
  if (read === undefined) return join(found, given);
  if (!given.includes(',')) return join(found, read(given));
  return agree(found, given.split(',').map(read));
}

function join(found: string, secret: string): string | Problem {
  if (secret === '' || secret === found) return found;
  return found === '' ? secret : severalKeys;
}

function fromAuthorization(header: string): string {
  const [, scheme = '', value = ''] = /^ *(Bearer|Basic) +(\S+) *$/i.exec(header) ?? [];
  if (scheme.toLowerCase() !== 'basic') return value;
  return Buffer.from(value, 'base64').toString('utf8').split(':', 1)[0] ?? '';
}

const severalKeys = toProblem(
  'invalid_parameter',
  'The request bears several keys that differ (in its headers, its query or its body). Send one.',
);
