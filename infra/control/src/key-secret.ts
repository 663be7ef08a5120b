import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { type RandomBytes, toBase62, toRandomBase62 } from './base62.ts';
import type { KeyKind, KeyMode } from './control-store.ts';

const randomLength = 30;
const checksumLength = 6;
const prefixLength = 'px_pub_live_AbCd'.length;
const shape = /^px_(pub|srv)_(live|test)_[0-9A-Za-z]{36}$/;

/** What a secret says of itself. `prefix` are its first 16 characters: fit for lists and logs. */
export interface SecretParts {
  readonly kind: KeyKind;
  readonly mode: KeyMode;
  readonly prefix: string;
}

/**
 * Makes a key: `px_<pub|srv>_<live|test>_<30 base62><6 base62 CRC32>`, some 178 bits of chance. The
 * CRC-32 is over all that stands before it, so a changed kind or mode is found too. Source: contract 3.
 */
export function createSecret(wanted: { kind: KeyKind; mode: KeyMode }, randomBytes: RandomBytes): string {
  const body = `px_${wanted.kind}_${wanted.mode}_${toRandomBase62(randomLength, randomBytes)}`;
  return body + toChecksum(body);
}

/** Gives a secret's parts, or null where its shape or its checksum is wrong. Never throws. */
export function parseSecret(text: string): SecretParts | null {
  const match = shape.exec(text);
  if (match === null) return null;
  const body = text.slice(0, -checksumLength);
  if (toChecksum(body) !== text.slice(-checksumLength)) return null;
  return {
    kind: match[1] === 'pub' ? 'pub' : 'srv',
    mode: match[2] === 'live' ? 'live' : 'test',
    prefix: toKeyPrefix(text),
  };
}

/** Gives a secret's first 16 characters, `px_pub_live_AbCd`: fit for lists and logs. */
export function toKeyPrefix(secret: string): string {
  return secret.slice(0, prefixLength);
}

/** Gives what is stored of a secret: its SHA-256, lower-case hex. No salt: the secret is random and long. */
export function toSecretSha256(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

function toChecksum(body: string): string {
  return toBase62(crc32(body), checksumLength);
}
