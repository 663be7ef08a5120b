import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packPackage, type Tarball } from './tarball.ts';

const sdk = fileURLToPath(new URL('../..', import.meta.url));
const dist = join(sdk, 'dist');
const packages = [
  // Not for import: the script of pages, and data.
  { name: 'sdk', folder: sdk, more: ['integrity.json'], excludeEntrypoints: ['./px.js', './integrity.json'] },
  { name: 'react', folder: join(sdk, 'react'), more: [], excludeEntrypoints: [] },
];

describe.each(packages)('the package $name', ({ folder, more, excludeEntrypoints }) => {
  let into: string;
  let tarball: Tarball;
  beforeAll(() => {
    into = mkdtempSync(join(tmpdir(), 'px-packed-'));
    tarball = packPackage(folder, into);
  });
  afterAll(() => rmSync(into, { recursive: true, force: true }));

  test('holds what was built, its licence and its readme, and no source or test', () => {
    const built = readdirSync(join(folder, 'dist')).filter((name) => !name.startsWith('.'));
    expect(built.length).toBeGreaterThan(20);
    expect(tarball.paths).toEqual(
      ['LICENSE', 'README.md', 'package.json', ...more, ...built.map((name) => `dist/${name}`)].sort(),
    );
    expect(readFileSync(join(folder, 'LICENSE'), 'utf8')).toBe(readFileSync(join(sdk, '../LICENSE'), 'utf8'));
  });

  test('is what package managers and bundlers expect, by publint', async () => {
    const { messages, pkg } = await publint({ pack: { tarball: toArrayBuffer(tarball.file) }, strict: true });
    expect(messages.map((message) => formatMessage(message, pkg ?? {}, { color: false }))).toEqual([]);
  });

  test('has right types for every way of resolving them, by arethetypeswrong', async () => {
    const pack = createPackageFromTarballData(new Uint8Array(readFileSync(tarball.file)));
    const result = await checkPackage(pack, { excludeEntrypoints });
    expect(result).toMatchObject({ types: { kind: 'included' }, problems: [] });
  });
});

test('integrity.json tells of each built script what it weighs and its hash', () => {
  const told: Record<string, { bytes: number; gzip: number; sha384: string }> = JSON.parse(
    readFileSync(join(sdk, 'integrity.json'), 'utf8'),
  );
  const scripts = readdirSync(dist).filter((name) => /\.(m?js|cjs)$/.test(name));
  expect(Object.keys(told).sort()).toEqual(scripts.sort());
  for (const name of scripts) {
    const bytes = readFileSync(join(dist, name));
    const { gzip = 0, ...rest } = told[name] ?? {};
    const sha384 = `sha384-${createHash('sha384').update(bytes).digest('base64')}`;
    expect([name, rest], 'run `pnpm --filter @px-platform/sdk run integrity` and commit integrity.json').toEqual([
      name,
      { bytes: bytes.length, sha384 },
    ]);
    // zlib's bytes differ a little between processors.
    expect(Math.abs(gzip / gzipSync(bytes, { level: 9 }).length - 1)).toBeLessThan(0.01);
  }
});

function toArrayBuffer(file: string): ArrayBuffer {
  return new Uint8Array(readFileSync(file)).buffer;
}
