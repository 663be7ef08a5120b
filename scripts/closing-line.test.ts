import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';

const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url));
const reporter = fileURLToPath(new URL('closing-line.ts', import.meta.url));

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'px-line-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it.each([
  ['counts what passed', "it('a', () => {}); it('b', () => {});", 0, '2 passed, 0 failed'],
  ['counts what failed', "it('a', () => {}); it('b', () => { throw new Error('no'); });", 1, '1 passed, 1 failed'],
  ['keeps to one form where a test is skipped', "it('a', () => {}); it.skip('b', () => {});", 0, '1 passed, 0 failed'],
  ['counts a file that cannot be loaded', "throw new Error('broken');", 1, '0 passed, 1 failed'],
  ['counts what nobody caught', "it('a', () => { void Promise.reject(new Error('lost')); });", 1, '1 passed, 1 failed'],
])('%s', (_, source, code, line) => {
  writeFileSync(join(folder, 'one.test.ts'), source);
  const args = [vitest, 'run', '--root', folder, '--globals', '--reporter', 'default', '--reporter', reporter];
  const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  expect(status).toBe(code);
  expect(stdout.trimEnd().split('\n').at(-1)).toBe(line);
});
