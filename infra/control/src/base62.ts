const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** The largest multiple of 62 in a byte: bytes from here on would favour the first letters, so they are not used. */
const firstBiasedByte = 248;

/** Gives `size` random bytes, as `node:crypto`'s `randomBytes` does. */
export type RandomBytes = (size: number) => Uint8Array;

/** Gives `length` base62 characters, each as likely as the other. Ends only if the source gives fit bytes. */
export function toRandomBase62(length: number, randomBytes: RandomBytes): string {
  let text = '';
  while (text.length < length) {
    for (const byte of randomBytes(length - text.length)) {
      if (byte < firstBiasedByte) text += alphabet.charAt(byte % 62);
    }
  }
  return text;
}

/** Gives a whole number from 0 on as base62 of at least `width` characters, filled up with `0`. */
export function toBase62(value: number, width: number): string {
  let text = '';
  for (let rest = value; rest > 0; rest = Math.floor(rest / 62)) text = alphabet.charAt(rest % 62) + text;
  return text.padStart(width, '0');
}
