import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDatacenterList } from './open-datacenter-list.ts';

let folder = '';
let path = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'px-datacenters-'));
  path = join(folder, 'networks.txt');
});
afterEach(() => rm(folder, { recursive: true }));

async function open() {
  const counted: string[] = [];
  const warned: unknown[] = [];
  const logger = { info: () => undefined, warn: (fields: { code?: unknown }) => warned.push(fields.code) };
  const opened = await openDatacenterList({
    path,
    checkIntervalMs: 60_000,
    count: (outcome) => counted.push(outcome),
    logger,
  });
  opened.close();
  const lookTwice = async () => {
    await opened.check();
    await opened.check();
  };
  return { list: opened.list, lookTwice, counted, warned };
}

test('reads networks a line, with comments, blank lines and ends of lines of Windows', async () => {
  await writeFile(path, '# clouds\r\n203.0.113.0/24 # one\r\n\r\n  2001:db8::/32\n198.51.100.7');
  const { list, counted, warned } = await open();
  expect(['203.0.113.9', '2001:db8::1', '198.51.100.7', '198.51.100.8'].map(list.has)).toEqual([
    true,
    true,
    true,
    false,
  ]);
  expect([counted, warned]).toEqual([['loaded'], []]);
});

test('takes a list that has changed in place of the one before', async () => {
  await writeFile(path, '203.0.113.0/24');
  const { list, lookTwice } = await open();
  const before = list.revision();
  await writeFile(path, '198.51.100.0/24\n');
  await lookTwice();
  expect([list.has('203.0.113.9'), list.has('198.51.100.9')]).toEqual([false, true]);
  expect(list.revision()).toBeGreaterThan(before);
});

const breakings: [name: string, breakIt: () => Promise<unknown>][] = [
  ['removed', () => rm(path)],
  ['emptied', () => writeFile(path, '')],
  ['comments alone', () => writeFile(path, '# none\n')],
  ['an error page', () => writeFile(path, '<html>404</html>')],
  ['cut in a line', () => writeFile(path, '203.0.113.0/24\n198.51.1')],
  ['noise', () => writeFile(path, Buffer.alloc(50_000, 0xa7))],
  ['far too large', () => writeFile(path, Buffer.alloc(33 * 1024 * 1024, '\n'))],
];

test.each(breakings)('keeps the list of before where the file is %s, and says so once', async (_name, breakIt) => {
  await writeFile(path, '203.0.113.0/24');
  const { list, lookTwice, counted, warned } = await open();
  await breakIt();
  for (let looks = 0; looks < 2; looks += 1) await lookTwice();
  expect(list.has('203.0.113.9')).toBe(true);
  expect([counted, warned]).toEqual([['loaded', 'refused'], ['datacenter_list_unreadable']]);
});

test('knows no datacentre where there is no file, until there is one', async () => {
  const { list, lookTwice, counted } = await open();
  expect(list.has('203.0.113.9')).toBe(false);
  await writeFile(path, '203.0.113.0/24');
  await lookTwice();
  expect(list.has('203.0.113.9')).toBe(true);
  expect(counted).toEqual(['refused', 'loaded']);
});
