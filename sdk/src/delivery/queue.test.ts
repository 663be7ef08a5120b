import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createFakeStorage } from '../../test/fake-storage.ts';
import { openFresh, stubBrowser } from '../../test/fresh.ts';

const shared = '{"anonymous_id":"a","context":{"locale":"en"}}';
const page = '{"url":"https://a.example/"}';
const framing = `${shared}\n${page}`;
const toText = (id: string, size = 0, timestamp = '2026-03-01T00:00:00Z') =>
  JSON.stringify({ event: 'e', event_id: id, timestamp, properties: { pad: 'x'.repeat(size) } });

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse('2026-03-02T00:00:00Z') });
});
afterEach(() => {
  vi.unstubAllGlobals();
});

/** Opens a page over a storage; each page is one more tab. */
async function openPage(storage = createFakeStorage(), navigator = {}) {
  stubBrowser({ storage, navigator });
  const { clock, diagnostics, queue, recover, store } = await openFresh();
  clock.setClock();
  store.openStore();
  queue.beginQueue();
  const add = (...ids: string[]) => ids.map((id) => queue.add(toText(id), shared, page));
  const ids = () => queue.entries.map(({ itself }): string => JSON.parse(itself).event_id);
  return { ...queue, queue, recover, storage, tally: diagnostics.tally, add, ids };
}
const valuesOf = (storage: Storage & Record<string, string>) =>
  Object.keys(storage)
    .filter((key) => key.includes('queue'))
    .map((key) => storage[key]);

test('is in the storage once the task is over: one text for its events, what they share once', async () => {
  const { add, queue, storage } = await openPage();
  add('a', 'b');
  expect(valuesOf(storage)).toEqual([]);
  vi.advanceTimersByTime(0);
  expect(valuesOf(storage)).toEqual([framing, `${toText('a')}\n${toText('b')}`]);
  add('c');
  vi.advanceTimersByTime(0);
  queue.remove(queue.entries.slice(0, 1));
  vi.advanceTimersByTime(0);
  expect(valuesOf(storage)).toEqual([framing, toText('b'), toText('c')]);
  queue.remove(queue.entries);
  vi.advanceTimersByTime(0);
  expect(valuesOf(storage)).toEqual([]);
});

test('takes the oldest that wait and share all but their page, within the limits', async () => {
  const { add, queue } = await openPage();
  add('a');
  queue.add(toText('b'), shared, '{"url":"https://a.example/b"}');
  queue.add(toText('c'), shared.replace('"a"', '"c"'), page);
  expect(queue.take(50, 1e6)).toHaveLength(2);
  expect(queue.take(1, 1e6)).toHaveLength(1);
  expect(queue.take(50, 1)).toHaveLength(1);
  queue.mark(queue.take(50, 1e6), queue.stage.flying);
  expect(queue.take(50, 1e6)).toHaveLength(1);
});

test('drops the oldest over 1,000 events and over 256 KiB, and counts each', async () => {
  const many = await openPage();
  for (let index = 0; index < 1_002; index += 1) many.add(`${index}`);
  expect([many.ids()[0], many.ids().length, many.tally]).toEqual(['2', 1_000, { queue_full: 2 }]);
  const large = await openPage();
  for (let index = 0; index < 30; index += 1) large.queue.add(toText(`${index}`, 10_000), shared, page);
  expect(large.ids()).toHaveLength(25);
  expect(large.queue.add(toText('huge', 60_000), shared, page)).toBeUndefined();
  expect(large.tally).toEqual({ queue_full: 5, event_too_large: 1 });
});

test('200 events of 1 KB fit', async () => {
  const { queue, tally } = await openPage();
  for (let index = 0; index < 200; index += 1) queue.add(toText(`${index}`, 1_024), shared, page);
  expect([queue.entries.length, tally]).toEqual([200, {}]);
});

test('takes over what dead pages left, oldest first, before its own, and leaves nothing behind', async () => {
  const storage = createFakeStorage();
  (await openPage(storage)).add('a', 'b');
  vi.advanceTimersByTime(10);
  (await openPage(storage)).add('c');
  vi.advanceTimersByTime(10);
  const { recover, ids, queue, add, tally } = await openPage(storage);
  recover.recover();
  add('z');
  expect([ids(), tally]).toEqual([['a', 'b', 'c', 'z'], {}]);
  queue.remove(queue.entries.slice(0, 3));
  vi.advanceTimersByTime(0);
  expect(valuesOf(storage)).toEqual([framing, toText('z')]);
  queue.remove(queue.entries);
  vi.advanceTimersByTime(0);
  expect(valuesOf(storage)).toEqual([]);
});

test('leaves a queue alone that another page owns, and owns what it takes', async () => {
  const storage = createFakeStorage();
  const dead = await openPage(storage);
  dead.add('a');
  vi.advanceTimersByTime(0);
  const asked: string[] = [];
  let isOwned = true;
  const locks = {
    request: async (name: string, _: object, hold: (lock: object | null) => unknown) => {
      asked.push(name);
      void hold(isOwned && name.endsWith(dead.queue.queueName) ? null : {});
    },
  };
  const { recover, ids } = await openPage(storage, { locks });
  recover.recover();
  expect([ids(), asked]).toEqual([[], [expect.stringMatching(/^px_p_queue_/), `px_p_${dead.queue.queueName}`]]);
  isOwned = false;
  recover.recover();
  expect(ids()).toEqual(['a']);
});

test.each([
  ['the storage took', createFakeStorage()],
  ['no storage took', createFakeStorage(300)],
])('a page that comes back goes on with what %s, on its way or not', async (_, storage) => {
  const { add, queue, recover, ids } = await openPage(storage);
  add('a', 'b', 'c');
  queue.mark(queue.take(2, 1e6), queue.stage.flying);
  recover.resume();
  add('d');
  expect([ids(), queue.take(50, 1e6).length]).toEqual([['a', 'b', 'c', 'd'], 4]);
});

test('drops and counts what is older than 7 days or cannot be read, and leaves what a newer version keeps', async () => {
  const storage = createFakeStorage();
  const dead = await openPage(storage);
  dead.queue.add(toText('old', 0, '2026-02-01T00:00:00Z'), shared, page);
  dead.add('good');
  vi.advanceTimersByTime(0);
  dead.add('cut');
  vi.advanceTimersByTime(0);
  const cut = Object.keys(storage).find((key) => storage[key]?.includes('"cut"')) ?? '';
  storage.setItem(cut, '{"event":"e","event_');
  storage.setItem('px_p_queue_dead.1000001', 'null');
  storage.setItem('px_p_queue2_dead.1000001', 'of a newer version');
  const { recover, ids, tally } = await openPage(storage);
  recover.resume();
  expect([ids(), tally]).toEqual([['good'], { queue_expired: 1, queue_unreadable: 2 }]);
  expect(storage.getItem('px_p_queue2_dead.1000001')).toBe('of a newer version');
});
