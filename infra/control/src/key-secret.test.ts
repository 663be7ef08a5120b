import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSecret, parseSecret, toSecretSha256 } from './key-secret.ts';

const wanted = fc.record({
  kind: fc.constantFrom('pub' as const, 'srv' as const),
  mode: fc.constantFrom('live' as const, 'test' as const),
});
const anyByte = fc.string({ unit: 'binary', minLength: 1, maxLength: 1 });

describe('createSecret', () => {
  it('gives the contract shape, and parseSecret reads it back', () => {
    fc.assert(
      fc.property(wanted, (parts) => {
        const secret = createSecret(parts, randomBytes);
        expect(secret).toMatch(/^px_(pub|srv)_(live|test)_[0-9A-Za-z]{36}$/);
        expect(parseSecret(secret)).toEqual({ ...parts, prefix: secret.slice(0, 16) });
      }),
    );
  });

  it('uses no byte that would favour some letters', () => {
    const bytes = [255, 248, ...Array.from({ length: 40 }, () => 247)];
    const secret = createSecret({ kind: 'srv', mode: 'test' }, (size) => Uint8Array.from(bytes.splice(0, size)));
    expect(secret.slice(12, 42)).toBe('z'.repeat(30));
  });

  it('draws each letter about as often as the other', () => {
    const counts = new Map<string, number>();
    for (let n = 0; n < 2_000; n++) {
      for (const letter of createSecret({ kind: 'pub', mode: 'live' }, randomBytes).slice(12, 42)) {
        counts.set(letter, (counts.get(letter) ?? 0) + 1);
      }
    }
    // 60,000 draws of 62 letters: 968 each, standard deviation 31; six of them on either side.
    expect(counts.size).toBe(62);
    for (const count of counts.values()) expect(Math.abs(count - 968)).toBeLessThan(186);
  });
});

describe('parseSecret', () => {
  it('refuses a secret with any one character changed', () => {
    fc.assert(
      fc.property(wanted, fc.nat(47), anyByte, (parts, position, letter) => {
        const secret = createSecret(parts, randomBytes);
        fc.pre(secret.charAt(position) !== letter);
        expect(parseSecret(secret.slice(0, position) + letter + secret.slice(position + 1))).toBeNull();
      }),
      { numRuns: 2_000 },
    );
  });

  it('refuses a secret of another kind or mode that keeps the rest', () => {
    const secret = createSecret({ kind: 'pub', mode: 'test' }, randomBytes);
    expect(parseSecret(secret.replace('_pub_', '_srv_'))).toBeNull();
    expect(parseSecret(secret.replace('_test_', '_live_'))).toBeNull();
  });

  it('refuses two neighbours swapped, a cut and an added character', () => {
    fc.assert(
      fc.property(wanted, fc.integer({ min: 12, max: 46 }), (parts, at) => {
        const secret = createSecret(parts, randomBytes);
        const swapped = secret.slice(0, at) + secret.charAt(at + 1) + secret.charAt(at) + secret.slice(at + 2);
        if (swapped !== secret) expect(parseSecret(swapped)).toBeNull();
        expect(parseSecret(secret.slice(0, at))).toBeNull();
        expect(parseSecret(`${secret}0`)).toBeNull();
        expect(parseSecret(`${secret}\n`)).toBeNull();
      }),
    );
  });

  it('refuses any other text without throwing', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => parseSecret(text) === null));
  });
});

describe('toSecretSha256', () => {
  it('gives the SHA-256 in lower-case hex', () => {
    expect(toSecretSha256('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });
});
