import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EventRow } from '@px-platform/schemas';
import { openEmbeddedStore } from '@px-platform/store';
import { afterAll, expect, it } from 'vitest';
import { sampleId, sampleRow } from '../../../infra/store/test/sample-row.ts';
import { createTally } from '../../src/retrying-client.ts';
import { toContent } from '../load/to-content.ts';
import type { Books } from './compare-rows.ts';
import { countDuplicates, findFaults, makeLedger } from './make-ledger.ts';

const path = mkdtempSync(join(tmpdir(), 'px-ledger-'));
afterAll(() => rmSync(path, { recursive: true, force: true }));

const rows = Array.from({ length: 40 }, (_, number) => makeRow(number));

function makeRow(number: number): EventRow {
  const own = {
    event_id: sampleId(number),
    anonymous_id: `person-${number % 7}`,
    person_key: `person-${number % 7}`,
    timestamp: Date.UTC(2026, 10, 22, 10, number),
    request_id: 'person.0.1',
    _offset: number,
  };
  const properties = { step: number };
  if (number % 10 === 3) {
    const traits = { plan: 'pro', $set_once: { first_step: number } };
    return sampleRow({ ...own, event: 'identify', user_id: `user-${number}`, properties, traits });
  }
  if (number % 10 === 4) {
    const traits = { name: 'Acme' };
    return sampleRow({ ...own, event: 'group', user_id: '', properties: { step: number, group_id: 'acme' }, traits });
  }
  return sampleRow({ ...own, properties, traits: {} });
}

/** All as their clients know them: sent, and acknowledged at the first sending. */
function toBooks(of: readonly EventRow[]): Books {
  const books = { ...createTally(), sent: new Map<string, string>() };
  for (const row of of) {
    books.sent.set(row.event_id, toContent(row));
    books.acknowledged.set(row.event_id, 1);
  }
  return books;
}

/** Stores rows; their sessions are derived of what lies at `offsets`. */
async function store(of: readonly EventRow[], offsets: { firstOffset: number; lastOffset: number }): Promise<void> {
  const open = await openEmbeddedStore({ path, clock: Date.now });
  await open.store.insert({ logId: 'log-a', partition: 0, ...offsets, rows: of });
  await open.store.close();
}

it('finds nothing where all is whole, and a planted loss, duplicate, stranger and session where they are', async () => {
  await store(rows, { firstOffset: 0, lastOffset: 99 });
  const whole = await makeLedger(path, toBooks(rows), rows.length);
  expect(findFaults(whole)).toEqual([]);
  expect(countDuplicates(whole)).toBe(0);
  expect(whole).toMatchObject({ rows: 40, sent: 40, acknowledged: 40, storedUnacknowledged: 0 });
  expect(whole.derived.map(({ table, rows: count }) => [table, count])).toEqual([
    ['sessions', 7],
    ['identity_claims', 8],
    ['identity_properties', 9],
    ['group_members', 4],
  ]);

  const [first, second, third, ...rest] = rows;
  if (first === undefined || second === undefined || third === undefined) throw new Error('there are rows');
  const lost = makeRow(900);
  const stranger = makeRow(901);
  // Another offset: the engine takes it for another row.
  await store([{ ...first, _offset: 500 }], { firstOffset: 500, lastOffset: 500 });
  await store([stranger], { firstOffset: 9_000, lastOffset: 9_000 });
  const books = toBooks([first, { ...second, event: 'click' }, third, ...rest, lost]);
  books.acknowledged.delete(third.event_id);
  const planted = await makeLedger(path, books, 42);
  expect(planted).toMatchObject({
    rows: 42,
    lost: [lost.event_id],
    doubled: [first.event_id],
    neverSent: [stranger.event_id],
    altered: [second.event_id],
    // The stranger's too: nobody was told of either.
    storedUnacknowledged: 2,
  });
  expect(countDuplicates(planted)).toBe(1);
  expect(findFaults(planted)).toHaveLength(5);
  expect(planted.derived.find(({ table }) => table === 'sessions')).toMatchObject({ missing: 2, extra: 2 });
}, 120_000);

it('finds a copy that a merge has taken away, by the rows that were inserted and by the sending that is left', async () => {
  const books = toBooks([...rows, makeRow(901)]);
  const [first] = rows;
  books.acknowledged.set(`${first?.event_id}`, 0);
  const merged = await makeLedger(path, books, 43);
  expect(merged.replaced).toEqual([first?.event_id]);
  expect(findFaults(merged).join('\n')).toContain('43 rows were inserted over the time, 42 lie there');
  expect(countDuplicates(merged)).toBe(2);
}, 120_000);
