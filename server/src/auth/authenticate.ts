import { type ControlStore, type KeyGrant, parseSecret, type Scope } from '@px-platform/control';
import type { Clock } from '@px-platform/runtime';
import { isProblem, type Problem, toProblem } from '../http/problem.ts';
import type { Caller } from './caller.ts';
import { findSecret, type SecretSource } from './find-secret.ts';
import { createGrantCache } from './grant-cache.ts';
import { isOriginAllowed } from './origin.ts';
import { readTokenPrefix, verifyReadToken } from './read-token.ts';

/** What a route asks of its caller; `bodyKey` is the body's `api_key`, where the route has read one. */
export interface Need {
  readonly scope: Scope;
  readonly bodyKey?: string | undefined;
}

/** Says who asks, or why not. Throws `control_unavailable` where a key can't be looked up. */
export interface Authenticator {
  authenticate(request: SecretSource, need: Need): Promise<Caller | Problem>;
}

/** What may be done with a browser's key, which anyone can read. Source: contract 3. */
const pubScopes: readonly Scope[] = ['events:write'];
const readTokenScopes: readonly Scope[] = ['query:read'];

/**
 * Finds a request's key or read token and checks it: shape and checksum (before any look-up), known,
 * revoked, expired, project, scope, origin. A revocation holds within 4 s. `onUse` hears each accepted
 * key. Source: contracts 2 and 3.
 *
 * A `pub` key's origins bind browsers, which send `Origin` with every POST and with every request to
 * another site. A request without one comes from an app or a terminal, which could claim any origin:
 * it is let through, since refusing it would stop no one.
 */
export function createAuthenticator(options: {
  readonly control: Pick<ControlStore, 'findGrant'>;
  readonly clock: Clock;
  readonly tokenSecret: Buffer;
  readonly onUse: (keyId: string) => void;
}): Authenticator {
  const { clock, tokenSecret, onUse } = options;
  const grants = createGrantCache(options);

  async function identify(request: SecretSource, need: Need): Promise<Caller | Problem> {
    const secret = findSecret(request, need.bodyKey);
    if (isProblem(secret)) return secret;
    if (secret === '') return missingKey;
    if (secret.startsWith(readTokenPrefix)) {
      const read = verifyReadToken(tokenSecret, secret, clock());
      return read === null ? invalidToken : { kind: 'read_token', projectId: read.projectId, scopes: readTokenScopes };
    }
    if (parseSecret(secret) === null) return malformedKey;
    const found = grants.find(secret);
    const grant = found instanceof Promise ? await found : found;
    return grant === null ? unknownKey : toCaller(grant, clock());
  }

  return {
    async authenticate(request, need) {
      const caller = await identify(request, need);
      if (isProblem(caller)) return caller;
      const refused = refuse(caller, request, need.scope);
      if (refused !== null) return refused;
      if (caller.kind === 'key') onUse(caller.grant.key.id);
      return caller;
    },
  };
}

function toCaller(grant: KeyGrant, now: number): Caller | Problem {
  const { key, project, tenant } = grant;
  if (key.revoked_at !== null) return revokedKey;
  if (key.expires_at !== null && key.expires_at.getTime() <= now) return expiredKey;
  return { kind: 'key', grant, project, tenant, scopes: key.kind === 'pub' ? pubScopes : key.scopes };
}

function refuse(caller: Caller, request: SecretSource, scope: Scope): Problem | null {
  const projectId = caller.kind === 'key' ? caller.project.id : caller.projectId;
  const named = request.header('x-px-project-id');
  if (named !== undefined && named !== projectId) return projectMismatch;
  if (!caller.scopes.includes(scope)) {
    return toProblem('missing_scope', `This needs the scope ${scope}, which the key or token lacks.`, {
      details: { needed: scope, scopes: caller.scopes },
    });
  }
  if (caller.kind !== 'key' || caller.grant.key.kind === 'srv' || caller.project.origins.length === 0) return null;
  const origin = request.header('origin');
  return origin === undefined || isOriginAllowed(caller.project.origins, origin) ? null : originNotAllowed;
}

const missingKey = toProblem(
  'missing_key',
  'No key came with the request. Send it as Authorization: Bearer, as X-API-Key or as api_key.',
);
const malformedKey = toProblem('malformed_key', 'This is no key: its shape or its checksum is wrong. Was it cut?');
const unknownKey = toProblem('unknown_key', 'No such key is known here.');
const invalidToken = toProblem('invalid_token', 'The read token is not ours or has expired. Get a new one.');
const revokedKey = toProblem('revoked_key', 'This key was revoked. Create another one.');
const expiredKey = toProblem('expired_key', 'This key has expired. Create another one.');
const projectMismatch = toProblem('project_mismatch', 'X-PX-Project-ID names another project than that of the key.');
const originNotAllowed = toProblem('origin_not_allowed', "The page's origin is not among those of the project.");
