import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createReadToken, verifyReadToken } from './read-token.ts';

const secret = Buffer.alloc(32, 7);
const grant = { projectId: 'prj_0123456789ABCDEFabcd', expiresAt: 1_790_000_000_000 };
const token = createReadToken(secret, grant);

describe('verifyReadToken', () => {
  it('gives what the token was made for, until it expires', () => {
    expect(verifyReadToken(secret, token, grant.expiresAt - 1)).toEqual(grant);
    expect(verifyReadToken(secret, token, grant.expiresAt)).toBeNull();
  });

  it('refuses a token with any one character changed, added or cut', () => {
    const anyByte = fc.string({ unit: 'binary', minLength: 1, maxLength: 1 });
    fc.assert(
      fc.property(fc.nat(token.length - 1), anyByte, (at, letter) => {
        fc.pre(token.charAt(at) !== letter);
        expect(verifyReadToken(secret, token.slice(0, at) + letter + token.slice(at + 1), 0)).toBeNull();
        expect(verifyReadToken(secret, token.slice(0, at) + letter + token.slice(at), 0)).toBeNull();
        expect(verifyReadToken(secret, token.slice(0, at), 0)).toBeNull();
      }),
      { numRuns: 1_000 },
    );
  });

  it('refuses the last character in its other spellings', () => {
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const accepted = [...letters].filter((letter) => verifyReadToken(secret, token.slice(0, -1) + letter, 0) !== null);
    expect(accepted).toEqual([token.slice(-1)]);
  });

  it('refuses another project and a later expiry under the same MAC', () => {
    expect(verifyReadToken(secret, token.replace('abcd.', 'abce.'), 0)).toBeNull();
    expect(verifyReadToken(secret, token.replace('.1790', '.1990'), 0)).toBeNull();
  });

  it('refuses a token of another secret, and what is no token', () => {
    expect(verifyReadToken(Buffer.alloc(32, 8), token, 0)).toBeNull();
    expect(verifyReadToken(secret, '', 0)).toBeNull();
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => verifyReadToken(secret, text, 0) === null));
  });
});
