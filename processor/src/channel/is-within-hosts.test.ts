import { expect, test } from 'vitest';
import { isWithinHosts } from './is-within-hosts.ts';

const hosts = ['acme.com', 'pay.example.org'];

test.each(['acme.com', 'www.acme.com', 'a.b.acme.com', 'pay.example.org', 'x.pay.example.org'])('finds %s', (host) => {
  expect(isWithinHosts(host, hosts)).toBe(true);
});

test.each([
  '',
  'com',
  'notacme.com',
  'acme.com.evil.example',
  'example.org',
  'shop.example.org',
  'acme.co',
  '.acme.co',
])('leaves %j out', (host) => {
  expect(isWithinHosts(host, hosts)).toBe(false);
});

test('finds nothing in no hosts', () => {
  expect(isWithinHosts('acme.com', undefined)).toBe(false);
  expect(isWithinHosts('acme.com', [])).toBe(false);
});
