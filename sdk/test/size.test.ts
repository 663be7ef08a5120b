import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';

/** What a visitor pays: 3.5 KB of it is fflate. A rise wants a reason in the commit that moves this line. */
const maxScriptBytes = 11_264;
const maxStubBytes = 300;

test('the script stays within its budget', () => {
  const script = readFileSync(new URL('../dist/px.js', import.meta.url));
  expect(gzipSync(script, { level: 9 }).length).toBeLessThanOrEqual(maxScriptBytes);
});

test('the stub of the README stays within its budget', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const stub = /<script>\n([\s\S]*?)PX\.init/.exec(readme)?.[1] ?? '';
  expect(stub).not.toBe('');
  expect(gzipSync(stub, { level: 9 }).length).toBeLessThanOrEqual(maxStubBytes);
});

test('the build evaluates no text, and leaves pages in the back/forward cache', () => {
  const script = readFileSync(new URL('../dist/px.js', import.meta.url), 'utf8');
  const found = ['eval(', 'new Function', '"unload"'].filter((banned) => script.includes(banned));
  expect(found).toEqual([]);
});
