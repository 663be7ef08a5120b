import { expect, test } from 'vitest';
import { toSite } from './to-site.ts';

test.each([
  ['example.com', 'example.com'],
  ['www.example.com', 'example.com'],
  ['a.b.example.com', 'example.com'],
  ['shop.example.co.uk', 'example.co.uk'],
  ['www.example.com.br', 'example.com.br'],
  ['acme.github.io', 'acme.github.io'],
  ['preview.acme.vercel.app', 'acme.vercel.app'],
  ['co.uk', 'co.uk'],
  ['.co.uk', 'co.uk'],
  ['github.io', 'github.io'],
  ['localhost', 'localhost'],
  ['127.0.0.1', '127.0.0.1'],
  ['[::1]', '[::1]'],
  ['xn--mnchen-3ya.de', 'xn--mnchen-3ya.de'],
  ['', ''],
])('takes %j for the site %j', (host, site) => {
  expect(toSite(host)).toBe(site);
});
