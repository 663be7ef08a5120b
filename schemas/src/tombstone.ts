import { createHash } from 'node:crypto';

/** What a tombstone stands for: an id of a person, anonymous or not, or a mail address. */
export type TombstoneKind = 'id' | 'email';

/**
 * Gives the name of a tombstone: SHA-256, as hex, over project, kind and value, so that the stone itself says of nobody who it
 * was. Mail addresses count trimmed and in any case.
 */
export function toTombstoneHash(projectId: string, kind: TombstoneKind, value: string): string {
  const text = kind === 'email' ? toPlainMail(value) : value;
  return createHash('sha256')
    .update(JSON.stringify([projectId, kind, text]))
    .digest('hex');
}

/** Gives a mail address as addresses are compared: trimmed, small letters. */
export function toPlainMail(address: string): string {
  return address.trim().toLowerCase();
}
