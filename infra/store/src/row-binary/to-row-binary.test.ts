import { isAppError } from '@px-platform/runtime';
import { type EventRow, eventColumns } from '@px-platform/schemas';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openEmbeddedTestStore, type TestStore } from '../../test/open-test-store.ts';
import { sampleRow } from '../../test/sample-row.ts';
import { toRowLines } from '../../test/to-row-lines.ts';
import { insertLinesSql, insertRows } from '../insert-rows.ts';
import { toBoundedMs } from '../row-data.ts';
import { storedColumns } from './stored-columns.ts';
import { toRowBinary } from './to-row-binary.ts';

let test: TestStore;
beforeAll(async () => {
  test = await openEmbeddedTestStore();
  for (const table of ['by_lines', 'by_binary'])
    await test.engine.run({ sql: `CREATE TABLE ${table} AS events ENGINE = Memory`, params: {} });
});
afterAll(() => test.store.close());

async function readTable(table: string): Promise<unknown[][]> {
  const columns = new Set([...eventColumns, ...storedColumns]);
  const sql = `SELECT ${[...columns].join(', ')} FROM ${table} ORDER BY _offset SETTINGS output_format_json_quote_64bit_integers = 0`;
  const { rows } = await test.engine.ask({ sql, params: {} });
  await test.engine.run({ sql: `TRUNCATE TABLE ${table}`, params: {} });
  return rows;
}

let batches = 0;

/** What the engine holds of rows that came in binary, and of the same as lines of JSON; or that it refused them. */
async function storeBothWays(rows: readonly EventRow[]): Promise<{ byBinary: unknown; byLines: unknown }> {
  const token = `batch-${batches++}`;
  const byBinary = await toOutcome('by_binary', async () =>
    test.engine.insertBinary(insertRows('by_binary', storedColumns, token), await toRowBinary(rows)),
  );
  const byLines = await toOutcome('by_lines', () =>
    test.engine.insert(insertLinesSql('by_lines', storedColumns, token), toRowLines(rows.map(toStored)).join('\n')),
  );
  return { byBinary, byLines };
}

/** What columns that stand in for others hold of a row. */
function toStored(row: EventRow): EventRow {
  const { person_key, anonymous_id, request_id, received_at, url, host, path, search } = row;
  const time = toTime(received_at);
  const isTold =
    host !== '' && /^\/.*$/s.test(path) && /^(\?.*)?$/s.test(search) && url === `https://${host}${path}${search}`;
  // Lines of JSON with half a character are refused.
  const [wholePath, wholeSearch, wholeUrl] = [path, search, isTold ? '' : url].map((one) => one.toWellFormed());
  const own = {
    person_key: person_key === anonymous_id ? '' : person_key,
    request_id: received_at > -1 && request_id.startsWith(time) ? request_id.replace(time, ':') : request_id,
    url: wholeUrl ?? '',
  };
  return { ...row, path: wholePath ?? '', search: wholeSearch ?? '', ...own };
}

const toTime = (at: number): string =>
  toBoundedMs(at)
    .toString(16)
    .padStart(12, '0')
    .replace(/^(.{8})(.{4})$/, '$1-$2-');

async function toOutcome(table: string, insert: () => Promise<void>): Promise<unknown> {
  try {
    await insert();
    return await readTable(table);
  } catch (error) {
    return isAppError(error, 'store_refused_rows') ? 'refused' : error;
  }
}

const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary', minLength: 40, maxLength: 45 }),
  fc.constantFrom('', '\0', '\\N', "'", '\n', '💚'.repeat(40), 'x'.repeat(127), 'x'.repeat(128), 'ü'.repeat(200)),
);
const uuid = fc.uuid().chain((id) => fc.constantFrom(id, id.toUpperCase()));
const day = fc.integer({ min: 0, max: 65_535 }).map((days) => new Date(days * 86_400_000).toISOString().slice(0, 10));
const instant = fc.oneof(
  fc.integer({ min: Date.UTC(1890), max: Date.UTC(2310) }),
  fc.double({ min: -1e5, max: 1e15, noNaN: true }),
);
/** Dates and numbers as text, keys that meet once dots part them: what a statement's settings decide. */
const value = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom<unknown>(
    '2020-01-01',
    '2020-01-01 10:00:00',
    '12',
    true,
    [1, 'x', { b: null }],
    -0,
    1e22,
    2 ** 53,
    3e20,
  ),
);
const bag = fc.dictionary(fc.constantFrom('a', 'b', 'a.b', 'ключ', 'nested', ''), value, { maxKeys: 4 });

const halves = fc.constantFrom('\ud83d', '\ude00', '\ude00?', '/\ud83d');
const part = fc.oneof(
  text,
  fc.webPath(),
  fc.webQueryParameters().map((query) => `?${query}`),
  halves,
);
/** Pages whose URL is nearly, or wholly, host, path and search. */
const page = fc
  .record({
    host: fc.oneof(fc.domain(), text),
    path: fc.oneof(fc.constant('/'), part),
    search: fc.oneof(fc.constant(''), part),
  })
  .chain(({ host, path, search }) => {
    const told = `https://${host}${path}${search}`;
    const urls = [told, `${told}#x`, told.replace('https:', 'http:'), told.toUpperCase(), `${host}${path}`, host, path];
    const written = fc.constantFrom(...urls.filter((url) => url !== ''));
    return (host === '' ? fc.oneof(written, fc.constant('')) : written).map((url) => ({ host, path, search, url }));
  });

/** Ids of requests that were made when one was received, nearly then, or by the client. */
const toRequestId = ({ received_at }: EventRow): fc.Arbitrary<string> =>
  fc.oneof(
    fc.constantFrom(0, 0, 1, -1).chain((off) => {
      const time = toTime(Math.trunc(received_at) + off);
      return fc.constantFrom(time, `${time}7abc-8def-0123456789ab`, `${time}:`, time.toUpperCase(), time.slice(1));
    }),
    text.filter((id) => !id.startsWith(':')),
    fc.uuid(),
  );

const row = fc
  .record({
    ...Object.fromEntries(
      eventColumns.flatMap((column) => (typeof sampleRow({})[column] === 'string' ? [[column, text]] : [])),
    ),
    event_id: uuid,
    session_id: uuid,
    day,
    retain_until: day,
    timestamp: instant,
    received_at: instant,
    clock_error_ms: fc.maxSafeInteger(),
    is_late: fc.boolean(),
    is_bot: fc.boolean(),
    click_ids: fc.dictionary(text, text, { maxKeys: 3 }),
    latitude: fc.oneof(fc.constant(null), fc.float({ noNaN: true, noDefaultInfinity: true })),
    longitude: fc.oneof(fc.constant(null), fc.constantFrom(0, -179.9, 52.5)),
    screen_width: fc.integer({ min: 0, max: 0xffff_ffff }),
    screen_density: fc.double({ min: 0, max: 1e6, noNaN: true }),
    properties: bag,
    traits: bag,
    _partition: fc.integer({ min: 0, max: 0xffff }),
    _index: fc.integer({ min: 0, max: 0xffff }),
    _partition_count: fc.integer({ min: 0, max: 0xffff }),
  })
  .map((drawn): EventRow => sampleRow(drawn))
  .chain((drawn) => {
    const { person_key, anonymous_id } = drawn;
    return fc
      .record({ key: fc.constantFrom(anonymous_id, person_key || anonymous_id), page, request_id: toRequestId(drawn) })
      .map((own): EventRow => ({ ...drawn, person_key: own.key, request_id: own.request_id, ...own.page }));
  });

describe('rows in binary', () => {
  it('are read back as the same rows from lines of JSON, or refused as they are', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 12 }), async (drawn) => {
        const rows = drawn.map((one, at) => ({ ...one, _offset: 2 ** 40 + at }));
        const { byBinary, byLines } = await storeBothWays(rows);
        expect(byBinary).toEqual(byLines);
        if (!Array.isArray(byBinary)) return;
        for (const column of ['person_key', 'request_id', 'url'] as const) {
          const read = byBinary.map((values) => values[eventColumns.indexOf(column)]);
          // As UTF-8 has them.
          expect(read).toEqual(rows.map((one) => one[column].toWellFormed()));
        }
      }),
      { numRuns: 12, endOnFailure: true },
    );
  });

  it('have no 0 below 0', async () => {
    const { byBinary, byLines } = await storeBothWays([sampleRow({ latitude: -0, longitude: -0, screen_density: -0 })]);
    expect(byBinary).toEqual(byLines);
  });

  it('are read back in their order, however many', async () => {
    const rows = Array.from({ length: 1_200 }, (_, at) =>
      sampleRow({ _offset: at, city: `city ${at} ${'ü'.repeat(at)}` }),
    );
    await test.engine.insertBinary(insertRows('by_binary', storedColumns, 'cities'), await toRowBinary(rows));
    const cities = (await readTable('by_binary')).map((values) => values[eventColumns.indexOf('city')]);
    expect(cities).toEqual(rows.map(({ city }) => city));
  });

  it.each<[string, Partial<EventRow>]>([
    ['an id that is no UUID', { event_id: '0190aaaa-bbbb-7ccc-8ddd-00000000000g' }],
    ['an id that is too long', { session_id: '0190aaaa-bbbb-7ccc-8ddd-0000000000000' }],
    ['an empty id', { event_id: '' }],
    ['a day before 1970', { day: '1969-12-31' }],
    ['a day that is none', { retain_until: '2026-02-30' }],
    ['a size below 0', { screen_width: -1 }],
    ['a size with a part', { viewport_height: 1.5 }],
    ['an index over 16 bits', { _index: 65_536 }],
    ['an offset beyond whole numbers', { _offset: 2 ** 53 }],
    ['a time that is none', { timestamp: Number.NaN }],
    ['nobody who has an id', { person_key: '' }],
    ['a host of no page', { url: '' }],
    ["a request's id that begins with a colon", { request_id: ':7000' }],
    ['an infinite density', { screen_density: Number.POSITIVE_INFINITY }],
  ])('are refused with %s', async (_name, own) => {
    await expect(toRowBinary([sampleRow({}), sampleRow(own)])).rejects.toMatchObject({ code: 'store_refused_rows' });
  });
});
