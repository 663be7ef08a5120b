import { expect, test } from 'vitest';
import { isPublicIp, parseIp, truncateIp } from './ip-address.ts';

test.each([
  ['1.2.3.4', '1.2.3.4', '1.2.3.0'],
  ['255.255.255.255', '255.255.255.255', '255.255.255.0'],
  ['::ffff:1.2.3.4', '1.2.3.4', '1.2.3.0'],
  ['::FFFF:0102:0304', '1.2.3.4', '1.2.3.0'],
  ['2001:DB8:1:2:3:4:5:6', '2001:db8:1:2:3:4:5:6', '2001:db8:1::'],
  ['2001:db8::1', '2001:db8::1', '2001:db8::'],
  ['2001:db8:0:5::', '2001:db8:0:5::', '2001:db8::'],
  ['64:ff9b::1.2.3.4', '64:ff9b::1.2.3.4', '64:ff9b::'],
  ['fe80::1%eth0', 'fe80::1', 'fe80::'],
  ['::1', '::1', '::'],
])('reads %s', (text, spelling, truncated) => {
  const ip = parseIp(text);
  expect(ip?.text).toBe(spelling);
  expect(ip && truncateIp(ip)).toBe(truncated);
});

test.each([
  '',
  ' ',
  '1.2.3',
  '1.2.3.4.5',
  '256.1.1.1',
  '1.2.3.4:80',
  ':::',
  '[::1]',
  'localhost',
  '\0',
  '1'.repeat(1e6),
])('takes %j for no address', (text) => {
  expect(parseIp(text)).toBeNull();
});

test.each([
  '127.0.0.1',
  '10.1.2.3',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '169.254.1.1',
  '100.64.0.1',
  '0.0.0.0',
  '224.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::ffff:10.0.0.1',
  'fc00::1',
  'fd12::1',
  'fe80::1',
  'ff02::1',
])('takes %s for no public address', (text) => {
  const ip = parseIp(text);
  expect(ip && isPublicIp(ip)).toBe(false);
});

test.each(['8.8.8.8', '172.32.0.1', '100.128.0.1', '223.255.255.254', '2a02:8070::1', '2001:4860:4860::8888'])(
  'takes %s for a public address',
  (text) => {
    const ip = parseIp(text);
    expect(ip && isPublicIp(ip)).toBe(true);
  },
);
