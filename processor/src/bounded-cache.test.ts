import { expect, test } from 'vitest';
import { createBoundedCache } from './bounded-cache.ts';

test('makes a value once and counts hits and misses', () => {
  const cache = createBoundedCache<{ key: string }>({ maxEntries: 2 });
  const first = cache.getOrMake('a', (key) => ({ key }));
  expect(cache.getOrMake('a', (key) => ({ key }))).toBe(first);
  expect(cache.counts()).toEqual({ hits: 1, misses: 1, size: 1 });
});

test('puts out what was not asked for longest', () => {
  const cache = createBoundedCache<{ key: string }>({ maxEntries: 2 });
  const make = (key: string) => ({ key });
  cache.getOrMake('a', make);
  cache.getOrMake('b', make);
  cache.getOrMake('a', make);
  cache.getOrMake('c', make);
  expect(cache.counts()).toEqual({ hits: 1, misses: 3, size: 2 });
  cache.getOrMake('a', make);
  expect(cache.counts().hits).toBe(2);
  cache.getOrMake('b', make);
  expect(cache.counts().misses).toBe(4);
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
