import { createHmac } from 'node:crypto';

/**
 * Gives the key of a visitor who keeps no id: 128 bits, as hex, of HMAC-SHA-256 under the day's salt over project, address and
 * user agent. Once the salt is gone nobody can tell whose it was. Without an address it would be everybody's: ''.
 * Source: https://plausible.io/data-policy
 */
export function toVisitorKey(salt: string, visitor: { projectId: string; ip: string; userAgent: string }): string {
  const { projectId, ip, userAgent } = visitor;
  if (ip === '') return '';
  // As JSON, so that no two visitors give one text.
  return createHmac('sha256', salt)
    .update(JSON.stringify([projectId, ip, userAgent]))
    .digest('hex')
    .slice(0, 32);
}
