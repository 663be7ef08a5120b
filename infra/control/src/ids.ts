import { type RandomBytes, toRandomBase62 } from './base62.ts';

/** Gives a new id: `ten_`, `prj_` or `key_` and 20 base62 characters, some 119 bits of chance. */
export function createId(kind: 'ten' | 'prj' | 'key', randomBytes: RandomBytes): string {
  return `${kind}_${toRandomBase62(20, randomBytes)}`;
}
