import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { expect, test } from 'vitest';
import { budgets, maxBundledBytes, maxStubBytes } from './budgets.ts';

const sdk = fileURLToPath(new URL('..', import.meta.url));
const dist = join(sdk, 'dist');
const weigh = (code: string | Uint8Array) => gzipSync(code, { level: 9 }).length;

test.each(budgets)('$file weighs at most $maxBytes bytes', ({ file, maxBytes }) => {
  expect(weigh(readFileSync(join(dist, file)))).toBeLessThanOrEqual(maxBytes);
});

test('bundled by esbuild with code splitting, what a page loads first stays within its budget', async () => {
  const { outputFiles } = await build({
    stdin: { contents: "import PX from './dist/px.mjs'; PX.init({}); PX.track('a');", resolveDir: sdk },
    bundle: true,
    minify: true,
    splitting: true,
    format: 'esm',
    target: 'es2020',
    outdir: join(sdk, 'never-written'),
    write: false,
  });
  const [first] = outputFiles;
  expect(weigh(first?.contents ?? '')).toBeLessThanOrEqual(maxBundledBytes);
});

test('the stub of the README stays within its budget', () => {
  const readme = readFileSync(join(sdk, 'README.md'), 'utf8');
  const stub = /<script>\n([\s\S]*?)PX\.init/.exec(readme)?.[1] ?? '';
  expect(stub).not.toBe('');
  expect(weigh(stub)).toBeLessThanOrEqual(maxStubBytes);
});

test('nothing evaluates text, and pages stay in the back/forward cache', () => {
  const scripts = readdirSync(dist).filter((name) => /\.(m?js|cjs)$/.test(name));
  expect(scripts.length).toBeGreaterThan(10);
  for (const name of scripts) {
    const code = readFileSync(join(dist, name), 'utf8');
    const found = ['eval(', 'new Function', '"unload"', "'unload'"].filter((banned) => code.includes(banned));
    expect([name, found]).toEqual([name, []]);
  }
});

test('a second build is the same, byte for byte', () => {
  // Beside dist: source maps name the sources from where they lie.
  const again = mkdtempSync(join(sdk, 'dist-'));
  const rollup = createRequire(join(sdk, 'package.json')).resolve('rollup/dist/bin/rollup');
  execFileSync(process.execPath, [rollup, '-c'], { cwd: sdk, env: { ...process.env, PX_DIST: again }, stdio: 'pipe' });
  for (const name of readdirSync(again)) {
    expect([name, readFileSync(join(again, name)).equals(readFileSync(join(dist, name)))]).toEqual([name, true]);
  }
  expect(readdirSync(again).length).toBeGreaterThan(20);
  rmSync(again, { recursive: true });
});
