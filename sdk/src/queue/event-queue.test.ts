import { expect, test } from 'vitest';
import { createFakeStorage } from '../../test/fake-storage.ts';
import { createFakeTime } from '../../test/fake-time.ts';
import { createSampleQueue, idsOf, sampleDefaults, toSample } from '../../test/sample.ts';
import { createOwnership } from './ownership.ts';
import { recoverQueues } from './recover-queues.ts';

const all = { maxEvents: 50, maxBytes: 1_000_000 };
const time = createFakeTime();

test('is durable when add returns', () => {
  const { queue, raw } = createSampleQueue({ clock: time.clock });
  queue.add(toSample('a'));
  expect(JSON.parse(raw.getItem(raw.key(0) ?? '') ?? '')).toEqual(toSample('a'));
});

test('takes the oldest that wait, one batch per set of defaults', () => {
  const { queue } = createSampleQueue({ clock: time.clock });
  queue.add(toSample('a'));
  queue.add({ ...toSample('b'), defaults: { ...sampleDefaults } });
  queue.add({ ...toSample('c'), defaults: { ...sampleDefaults, user_id: 'u' } });
  const first = queue.take(all);
  expect(first).toMatchObject({ anonymous_id: 'anon-1' });
  expect(idsOf(first?.events)).toEqual(['a', 'b']);
  queue.mark(first?.events ?? [], 'flying');
  expect(queue.take(all)).toMatchObject({ user_id: 'u', events: [{ event_id: 'c' }] });
  expect(queue.waiting().events).toBe(1);
});

test('drops the oldest over its bounds, and counts them', () => {
  const byCount = createSampleQueue({ clock: time.clock, limits: { maxEvents: 2 } });
  for (const id of ['a', 'b', 'c']) byCount.queue.add(toSample(id));
  expect(idsOf(byCount.queue.take(all)?.events)).toEqual(['b', 'c']);
  expect(byCount.counts.read()).toEqual({ queue_full: 1 });
  expect(byCount.raw).toHaveLength(2);
  const byBytes = createSampleQueue({ clock: time.clock, limits: { maxBytes: 1_000 } });
  for (const id of ['a', 'b', 'c']) byBytes.queue.add(toSample(id, 400));
  expect(idsOf(byBytes.queue.take(all)?.events)).toEqual(['b', 'c']);
  byBytes.queue.add(toSample('d', 60_000));
  expect(byBytes.counts.read()).toEqual({ queue_full: 1, event_too_large: 1 });
});

test('counts bytes of UTF-8', () => {
  const { queue } = createSampleQueue({ clock: time.clock });
  queue.add({ event: { event: '😀', event_id: 'a' }, defaults: {} });
  expect(queue.waiting().bytes).toBe(Buffer.byteLength('{"event":"😀","event_id":"a"}'));
});

test('goes on in memory where the storage is full', () => {
  const { queue, raw } = createSampleQueue({ clock: time.clock, storage: createFakeStorage(0) });
  queue.add(toSample('a'));
  queue.reload();
  expect(raw).toHaveLength(0);
  expect(idsOf(queue.take(all)?.events)).toEqual(['a']);
});

test('waits again after a beacon that may not have arrived', () => {
  const { queue } = createSampleQueue({ clock: time.clock });
  queue.add(toSample('a'));
  queue.mark([toSample('a').event], 'handed');
  expect(queue.take(all)).toBeNull();
  queue.reclaim();
  expect(queue.waiting().events).toBe(1);
});

/** Web Locks as the standard has them, for one origin. */
function createLocks(): Pick<LockManager, 'request'> {
  const taken = new Set<string>();
  async function request<T>(name: string, ...rest: [LockGrantedCallback<T>] | [LockOptions, LockGrantedCallback<T>]) {
    const run = rest.length === 1 ? rest[0] : rest[1];
    if (taken.has(name)) return run(null);
    taken.add(name);
    const result = await run({ name, mode: 'exclusive' });
    taken.delete(name);
    return result;
  }
  return { request };
}

function setUpPages(locks: Pick<LockManager, 'request'> | undefined) {
  const storage = createFakeStorage();
  const open = (id: string) => {
    const page = createSampleQueue({ clock: time.clock, storage, id });
    const ownership = createOwnership(locks, 'q_');
    const recover = () =>
      recoverQueues({
        storage: page.storage,
        keyPrefix: 'q_',
        ownQueueId: id,
        ownership,
        clock: time.clock,
        count: page.counts.count,
        maxAgeMs: 604_800_000,
        adopt: page.queue.adopt,
      });
    return { ...page, ownership, recover };
  };
  return { storage, open };
}

test('one page alone takes over what another left, before its own events', async () => {
  const { storage, open } = setUpPages(createLocks());
  const [left, two, three] = [open('one'), open('two'), open('three')];
  left.ownership.hold('one');
  for (const id of ['a', 'b']) left.queue.add(toSample(id));
  two.queue.add(toSample('c'));
  two.ownership.hold('two');
  two.recover();
  await time.advance(0);
  expect(idsOf(two.queue.take(all)?.events)).toEqual(['c']);
  left.ownership.letGo();
  await time.advance(0);
  two.recover();
  three.recover();
  await time.advance(0);
  expect(idsOf(two.queue.take(all)?.events)).toEqual(['a', 'b', 'c']);
  expect(three.queue.take(all)).toBeNull();
  left.queue.reload();
  expect(left.queue.take(all)).toBeNull();
  expect(storage).toHaveLength(3);
});

test('without Web Locks it takes over every queue', () => {
  const { open } = setUpPages(undefined);
  open('one').queue.add(toSample('a'));
  const two = open('two');
  two.recover();
  expect(idsOf(two.queue.take(all)?.events)).toEqual(['a']);
});

test('drops what is too old or unreadable, and touches no other key', async () => {
  const { storage, open } = setUpPages(undefined);
  open('one').queue.add(toSample('a'));
  storage.setItem('q_one.zzzzzzzzz-0001', '{"event":');
  storage.setItem('q_one.zzzzzzzzz-0002', '{"event":{},"defaults":{}}');
  storage.setItem('theirs', 'kept');
  storage.setItem('q_', 'kept');
  await time.advance(8 * 86_400_000);
  const two = open('two');
  two.recover();
  expect(two.counts.read()).toEqual({ queue_expired: 1, queue_unreadable: 2 });
  expect(storage).toHaveLength(2);
});
