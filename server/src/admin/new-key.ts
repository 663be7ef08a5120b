import type { StoredKey } from '@px-platform/control';
import { z } from 'zod';
import { type Problem, toProblem } from '../http/problem.ts';

/** All that is asked of a new key. */
export type NewKey = Pick<StoredKey, 'kind' | 'mode' | 'name' | 'scopes' | 'expires_at' | 'rate_per_minute'>;

const scopes = ['events:write', 'audit:write', 'query:read', 'admin'] as const;

/** Ten years, in ms. */
const maxLifetimeMs = 3_650 * 24 * 60 * 60 * 1000;

const name = z.string().trim().min(1).max(100);
const ratePerMinute = z.number().int().min(1).max(10_000_000);

/**
 * Parses the body of `POST /projects/:id/keys`. `scopes` is for `srv` keys: without it they may write
 * events, write audit events and read; `admin` is never given unasked. `pub` keys only write events.
 */
export const newKeySchema = z
  .strictObject({
    kind: z.enum(['pub', 'srv']),
    mode: z.enum(['live', 'test']).default('live'),
    name: name.default('default'),
    scopes: z.array(z.enum(scopes)).min(1).optional(),
    expires_in_ms: z.number().int().min(1_000).max(maxLifetimeMs).optional(),
    expires_at: z.iso.datetime({ offset: true }).optional(),
    rate_per_minute: ratePerMinute.optional(),
  })
  .refine((body) => body.kind === 'srv' || (body.scopes ?? []).every((scope) => scope === 'events:write'), {
    path: ['scopes'],
    message: 'a pub key can be read by anyone: it may have events:write alone',
  })
  .refine((body) => body.expires_in_ms === undefined || body.expires_at === undefined, {
    path: ['expires_at'],
    message: 'give expires_in_ms or expires_at, not both',
  });

/** Parses the body of `PATCH /keys/:id`: what is left out stays; a rate of null is that of the tenant's tier. */
export const keyChangeSchema = z
  .strictObject({ name: name.optional(), rate_per_minute: ratePerMinute.nullable().optional() })
  .refine((change) => Object.keys(change).length > 0, 'give a name or a rate');

type NewKeyBody = z.infer<typeof newKeySchema>;

/** Fills in what the body leaves open; `now` is epoch ms. Gives `invalid_body` for an expiry that is over. */
export function toNewKey(body: NewKeyBody, now: number): NewKey | Problem {
  const expiresAt = toExpiry(body, now);
  if (expiresAt !== null && expiresAt.getTime() <= now) {
    const message = 'must lie in the future';
    return toProblem('invalid_body', `expires_at: ${message}`, {
      details: { issues: [{ path: 'expires_at', message }] },
    });
  }
  const asked = body.scopes ?? (body.kind === 'pub' ? ['events:write'] : ['events:write', 'audit:write', 'query:read']);
  return {
    kind: body.kind,
    mode: body.mode,
    name: body.name,
    scopes: scopes.filter((scope) => asked.includes(scope)),
    expires_at: expiresAt,
    rate_per_minute: body.rate_per_minute ?? null,
  };
}

/** Says whether a key does what is asked of a new one; of its expiry only whether it has one, as that moves with time. */
export function isSameKey(key: NewKey, wanted: NewKey): boolean {
  return (
    key.kind === wanted.kind &&
    key.mode === wanted.mode &&
    key.name === wanted.name &&
    key.scopes.join() === wanted.scopes.join() &&
    key.rate_per_minute === wanted.rate_per_minute &&
    (key.expires_at === null) === (wanted.expires_at === null)
  );
}

function toExpiry(body: NewKeyBody, now: number): Date | null {
  if (body.expires_in_ms !== undefined) return new Date(now + body.expires_in_ms);
  return body.expires_at === undefined ? null : new Date(body.expires_at);
}
