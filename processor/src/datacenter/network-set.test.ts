import { BlockList } from 'node:net';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createNetworkSet } from './network-set.ts';

const networks = ['203.0.113.0/24', '198.51.100.7', '10.1.2.3/8', '203.0.112.0/24', '2001:db8:5::/48', '2400::/12'];

test.each([
  '203.0.113.0',
  '203.0.112.255',
  '203.0.113.255',
  '198.51.100.7',
  '10.255.0.1',
  '::ffff:10.0.0.1',
  '2001:db8:5:ffff::1',
  '240f::',
])('has %s', (ip) => {
  expect(createNetworkSet(networks).has(ip)).toBe(true);
});

test.each([
  '203.0.114.0',
  '203.0.111.255',
  '198.51.100.8',
  '11.0.0.0',
  '2001:db8:6::',
  '2001:db8:4:ffff::',
  '2410::',
  '',
  'x',
  '1.2.3',
])('has %j not', (ip) => {
  expect(createNetworkSet(networks).has(ip)).toBe(false);
  expect(createNetworkSet([]).has(ip)).toBe(false);
});

test.each([
  'acme.com',
  '203.0.113.0/33',
  '203.0.113.0/-1',
  '203.0.113.0/24/8',
  '2001:db8::/65',
  '203.0.113/24',
  '/8',
  '1.2.3.4/',
])('refuses %s, and names it', (text) => {
  expect(() => createNetworkSet(['10.0.0.0/8', text])).toThrow(text);
});

test('says of any address what node says of it', () => {
  const address = fc.integer({ min: 0, max: 2 ** 16 - 1 }).map((low) => `10.0.${low >> 8}.${low & 255}`);
  const network = fc.tuple(address, fc.integer({ min: 16, max: 32 }));
  fc.assert(
    fc.property(fc.array(network, { maxLength: 20 }), fc.array(address, { minLength: 1 }), (given, asked) => {
      const set = createNetworkSet(given.map(([ip, prefix]) => `${ip}/${prefix}`));
      const list = new BlockList();
      for (const [ip, prefix] of given) list.addSubnet(ip, prefix);
      expect(asked.map((ip) => set.has(ip))).toEqual(asked.map((ip) => list.check(ip)));
    }),
  );
});
