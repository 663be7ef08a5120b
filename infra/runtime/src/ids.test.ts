import { expect, it } from 'vitest';
import { createUuidV7, readUuidV7Time, toUuidV5 } from './ids.ts';

const now = Date.UTC(2026, 4, 1, 12);
const dns = '6ba7b810-9dad-11d1-80b4-00c04fd430c8';

it('makes UUIDv7 of the clock and random, none twice', () => {
  const next = createUuidV7(() => now);
  const ids = Array.from({ length: 5_000 }, next);
  expect(new Set(ids).size).toBe(5_000);
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

it('makes later ids sort after earlier ones', () => {
  let at = now;
  const next = createUuidV7(() => {
    at += 1;
    return at;
  });
  const ids = Array.from({ length: 300 }, next);
  expect(ids).toEqual(ids.toSorted());
});

it('reads the time out of a UUIDv7, and out of no other', () => {
  expect(readUuidV7Time(createUuidV7(() => now)())).toBe(now);
  // RFC 9562, A.6
  expect(readUuidV7Time('017F22E2-79B0-7CC3-98C4-DC0C0C07398F')).toBe(0x017f22e279b0);
  expect(readUuidV7Time(toUuidV5(dns, 'www.example.com'))).toBeNull();
  expect(readUuidV7Time('')).toBeNull();
});

it('makes the UUIDv5 of a name', () => {
  // RFC 9562, A.4
  expect(toUuidV5(dns, 'www.example.com')).toBe('2ed6657d-e927-568b-95e1-2665a8aea6a2');
  expect(toUuidV5(dns, 'www.example.org')).not.toBe(toUuidV5(dns, 'www.example.com'));
});
