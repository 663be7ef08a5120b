import zlib from 'node:zlib';
import { expect, it } from 'vitest';
import { createRowPacker } from './pack-rows.ts';

const rows = Buffer.from('a row, and the same row again; '.repeat(40_000));

it('packs by zstd', async () => {
  const { encoding, bytes } = await createRowPacker(zlib)(rows);
  expect(encoding).toBe('zstd');
  expect(bytes.length).toBeLessThan(rows.length / 10);
  expect(zlib.zstdDecompressSync(bytes).equals(rows)).toBe(true);
});

it('packs by gzip where Node.js has no zstd', async () => {
  const { encoding, bytes } = await createRowPacker({ gzip: zlib.gzip })(rows);
  expect(encoding).toBe('gzip');
  expect(zlib.gunzipSync(bytes).equals(rows)).toBe(true);
});
