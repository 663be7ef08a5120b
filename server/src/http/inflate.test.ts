import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { inflate } from './inflate.ts';

const text = Buffer.from('{"a":1}');

describe('inflate', () => {
  it('knows gzip by its name and by its magic bytes', async () => {
    for (const encoding of ['gzip', 'GZIP', 'x-gzip', undefined, '', 'identity']) {
      expect(await inflate(gzipSync(text), encoding, 100)).toEqual(text);
    }
    expect(await inflate(text, undefined, 3)).toBe(text);
    expect(await inflate(Buffer.concat([gzipSync('{"a"'), gzipSync(':1}')]), 'gzip', 100)).toEqual(text);
  });

  it.each([100, 5_000_000])('takes %d bytes at a limit of as many, and not one more', async (size) => {
    // What does not compress goes the other way, through the thread pool.
    const noise = Buffer.from(Uint8Array.from({ length: size }, (_, n) => Math.imul(n, 2_654_435_761) >>> 13));
    const whole = await inflate(gzipSync(noise), 'gzip', size);
    expect(Buffer.isBuffer(whole) && whole.equals(noise)).toBe(true);
    expect(await inflate(gzipSync(noise), 'gzip', size - 1)).toMatchObject({
      code: 'inflated_too_large',
      details: { size, limit: size - 1, unit: 'bytes' },
    });
  });

  it.each([
    ['cut off', gzipSync(text).subarray(0, 20)],
    ['empty', Buffer.alloc(0)],
    ['not gzip', text],
  ])('refuses what is %s', async (_name, bytes) => {
    expect(await inflate(bytes, 'gzip', 100)).toMatchObject({ code: 'invalid_encoding' });
  });

  it('refuses other encodings, whatever the bytes are', async () => {
    for (const encoding of ['br', 'deflate', 'zstd', 'gzip, br']) {
      expect(await inflate(gzipSync(text), encoding, 100)).toMatchObject({ code: 'unsupported_encoding' });
    }
  });
});
