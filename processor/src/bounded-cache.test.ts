import { expect, test } from 'vitest';
import { createBoundedCache } from './bounded-cache.ts';

test('makes a value once and counts hits and misses', () => {
  const cache = createBoundedCache<{ key: string }>({ maxEntries: 2 });
  const first = cache.getOrMake('a', (key) => ({ key }));
  expect(cache.getOrMake('a', (key) => ({ key }))).toBe(first);
  expect(cache.counts()).toEqual({ hits: 1, misses: 1, size: 1 });
});

test('keeps what is asked for, and puts out what was not while half of it all came', () => {
  const cache = createBoundedCache<{ key: string }>({ maxEntries: 4 });
  const make = (key: string) => ({ key });
  const isHit = (key: string): boolean => {
    const { hits } = cache.counts();
    cache.getOrMake(key, make);
    return cache.counts().hits > hits;
  };
  expect(['a', 'b', 'c', 'a', 'd', 'a'].map(isHit)).toEqual([false, false, false, true, false, true]);
  expect(['c', 'b'].map(isHit)).toEqual([true, false]);
});

test('never holds more than it may, and the half asked for last at least', () => {
  const cache = createBoundedCache<{ key: string }>({ maxEntries: 10 });
  let asked: string[] = [];
  for (let turn = 0; turn < 1_000; turn += 1) {
    const key = String((turn * turn) % 17);
    const { hits } = cache.counts();
    expect(cache.getOrMake(key, () => ({ key }))).toEqual({ key });
    if (asked.slice(0, 5).includes(key)) expect(cache.counts().hits).toBe(hits + 1);
    expect(cache.counts().size).toBeLessThanOrEqual(10);
    asked = [key, ...asked.filter((one) => one !== key)];
  }
  expect(cache.counts().misses).toBeGreaterThan(0);
});

test('makes anew what it was told to forget, and counts on', () => {
  const cache = createBoundedCache<{ key: string }>({ maxEntries: 2 });
  const first = cache.getOrMake('a', (key) => ({ key }));
  cache.clear();
  expect(cache.getOrMake('a', (key) => ({ key }))).not.toBe(first);
  expect(cache.counts()).toEqual({ hits: 0, misses: 2, size: 1 });
});

test('keeps nothing where making failed', () => {
  const cache = createBoundedCache<object>({ maxEntries: 2 });
  const failing = () => {
    throw new Error('no');
  };
  expect(() => cache.getOrMake('a', failing)).toThrow('no');
  expect(cache.counts().size).toBe(0);
});
