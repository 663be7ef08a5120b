import { expect, test } from 'vitest';
import { createFakeStorage } from '../../test/fake-storage.ts';
import { createStore } from '../person/store.ts';
import { createQueue, type Queue, state } from './queue.ts';
import { recoverQueues } from './recover.ts';

const shared = '{"anonymous_id":"a","context":{"locale":"en"}}';
const page = '{"url":"https://a.example/"}';
const toText = (id: string, size = 0, timestamp = '2026-03-01T00:00:00Z') =>
  JSON.stringify({ event: 'e', event_id: id, timestamp, properties: { pad: 'x'.repeat(size) } });
const now = Date.parse('2026-03-02T00:00:00Z');

function setUp(storage = createFakeStorage(), name = 'queue_own') {
  const lost: string[] = [];
  const store = createStore('px_', () => storage);
  store.open(true);
  const lose = (reason: string) => void lost.push(reason);
  const queue = createQueue(store, name, lose);
  const recover = () =>
    recoverQueues({ store, queue, ownName: name, lockPrefix: '', now: () => now, lose, onDone: () => {} });
  return { queue, store, storage, lost, recover };
}
const idsOf = (queue: Queue) => queue.all().map(({ text }): string => JSON.parse(text).event_id);
const add = (queue: Queue, ...ids: string[]) => ids.map((id) => queue.add(toText(id), shared, page));

test('is in the storage when add returns: one text an event, what they share once', () => {
  const { queue, storage } = setUp();
  add(queue, 'a', 'b');
  expect(Object.values(storage)).toEqual([`${shared}\n${page}`, toText('a'), toText('b')]);
  queue.remove(queue.all());
  expect(Object.keys(storage)).toEqual([]);
});

test('takes the oldest that wait and share person and session, whatever their page', () => {
  const { queue } = setUp();
  add(queue, 'a');
  queue.add(toText('b'), shared, '{"url":"https://a.example/b"}');
  queue.add(toText('c'), shared.replace('"a"', '"c"'), page);
  expect(queue.take(50, 1e6)).toHaveLength(2);
  expect(queue.take(1, 1e6)).toHaveLength(1);
  expect(queue.take(50, 1)).toHaveLength(1);
  for (const entry of queue.take(50, 1e6)) entry.state = state.flying;
  expect(queue.take(50, 1e6)).toHaveLength(1);
});

test('drops the oldest over 1,000 events and over 256 KiB of UTF-8, and says each', () => {
  const many = setUp();
  for (let index = 0; index < 1_002; index += 1) add(many.queue, `${index}`);
  expect([idsOf(many.queue)[0], many.queue.all().length, many.lost]).toEqual([
    '2',
    1_000,
    ['queue_full', 'queue_full'],
  ]);
  const large = setUp();
  for (let index = 0; index < 30; index += 1)
    large.queue.add(toText(`${index}`).replace('"pad":""', `"pad":"${'é'.repeat(5_000)}"`), shared, page);
  expect(large.queue.all().length).toBe(25);
  expect(large.queue.add(toText('huge', 60_000), shared, page)).toBeUndefined();
  expect(large.lost.filter((reason) => reason === 'event_too_large')).toHaveLength(1);
});

test('200 events of 1 KB fit', () => {
  const { queue, lost } = setUp();
  for (let index = 0; index < 200; index += 1) queue.add(toText(`${index}`, 1_024), shared, page);
  expect([queue.all().length, lost]).toEqual([200, []]);
});

test('takes over what a dead page left, oldest first, before its own', () => {
  const storage = createFakeStorage();
  add(setUp(storage, 'queue_dead1').queue, 'a', 'b');
  add(setUp(storage, 'queue_dead2').queue, 'c');
  const { queue, recover, lost } = setUp(storage);
  add(queue, 'z');
  recover();
  expect([idsOf(queue).sort(), idsOf(queue).at(-1), lost]).toEqual([['a', 'b', 'c', 'z'], 'z', []]);
  expect(Object.keys(storage).every((key) => key.startsWith('px_queue_own.'))).toBe(true);
  const after = setUp(storage, 'queue_next');
  after.recover();
  expect(idsOf(after.queue).sort()).toEqual(['a', 'b', 'c', 'z']);
});

test('drops and counts what is older than 7 days or cannot be read, and leaves what a newer version keeps', () => {
  const storage = createFakeStorage();
  const { queue: dead } = setUp(storage, 'queue_dead');
  dead.add(toText('old', 0, '2026-02-01T00:00:00Z'), shared, page);
  add(dead, 'cut', 'good');
  const cut = Object.keys(storage).find((key) => storage[key]?.includes('"cut"')) ?? '';
  storage.setItem(cut, '{"event":"e","event_');
  storage.setItem('px_queue2_dead.1000001', 'of a newer version');
  const { queue, recover, lost } = setUp(storage);
  recover();
  expect([idsOf(queue), lost]).toEqual([['good'], ['queue_expired', 'queue_unreadable']]);
  expect(storage.getItem('px_queue2_dead.1000001')).toBe('of a newer version');
});

test('goes on in memory where the storage is full', () => {
  const { queue, storage } = setUp(createFakeStorage(0));
  add(queue, 'a');
  expect([idsOf(queue), Object.keys(storage)]).toEqual([['a'], []]);
});
