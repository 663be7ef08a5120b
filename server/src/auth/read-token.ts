import { createHmac, timingSafeEqual } from 'node:crypto';

/** What a read token grants: reading of one project until an instant (epoch ms). */
export interface ReadGrant {
  readonly projectId: string;
  readonly expiresAt: number;
}

/** What every read token begins with; no key does. */
export const readTokenPrefix = 'pxt_';

const shape = /^pxt_([0-9A-Za-z_-]{1,64})\.(\d{1,15})\.([0-9A-Za-z_-]{43})$/;

/**
 * Makes a token for a page that reads, which never holds a `srv` key: `pxt_<project>.<expiry ms>.<mac>`,
 * the MAC being HMAC-SHA256 in base64url over what stands before it. Source: contract 6.
 */
export function createReadToken(secret: Buffer, grant: ReadGrant): string {
  const body = `${readTokenPrefix}${grant.projectId}.${grant.expiresAt}`;
  return `${body}.${toMac(secret, body)}`;
}

/** Gives what a token grants at `now` (epoch ms), or null where it is forged or has expired. Never throws. */
export function verifyReadToken(secret: Buffer, token: string, now: number): ReadGrant | null {
  const [, projectId, expiry, mac] = shape.exec(token) ?? [];
  if (projectId === undefined || expiry === undefined || mac === undefined) return null;
  // The text is compared, not its bytes: base64url has several spellings of one MAC.
  const expected = toMac(secret, token.slice(0, -mac.length - 1));
  if (!timingSafeEqual(Buffer.from(mac), Buffer.from(expected))) return null;
  const expiresAt = Number(expiry);
  return now < expiresAt ? { projectId, expiresAt } : null;
}

function toMac(secret: Buffer, body: string): string {
  return createHmac('sha256', secret).update(body).digest('base64url');
}
