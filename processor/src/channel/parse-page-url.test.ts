import { expect, test } from 'vitest';
import { parsePageUrl, parseReferrer } from './parse-page-url.ts';

test.each([
  ['https://Shop.Example.com:8443/a/b?x=1&y#top', 'shop.example.com', '/a/b', '?x=1&y'],
  ['http://example.com', 'example.com', '/', ''],
  ['https://example.com./', 'example.com', '/', ''],
  ['https://münchen.de/straße', 'xn--mnchen-3ya.de', '/stra%C3%9Fe', ''],
  ['https://例え.jp/', 'xn--r8jz45g.jp', '/', ''],
  ['/pricing?plan=pro', '', '/pricing', '?plan=pro'],
  ['http://[2001:db8::1]/x', '[2001:db8::1]', '/x', ''],
])('reads %s', (url, host, path, search) => {
  expect(parsePageUrl(url)).toEqual({ url, host, path, search });
});

test.each([
  'about:blank',
  'data:text/html,<b>x</b>',
  'javascript:alert(1)',
  'file:///etc/passwd',
  'chrome-extension://abcdef/page.html',
  'myapp://product/42?utm_source=push',
  'http://',
  'http://exa mple.com/',
  'http://[::1',
  'https://example.com:99999/',
  'https://%/',
  `https://${'a.'.repeat(300)}com/`,
  `https://${'é'.repeat(501)}.com/`,
  'no url',
  '\0',
  '\ud800',
])('keeps %j as text alone', (url) => {
  expect(parsePageUrl(url)).toEqual({ url, host: '', path: '', search: '' });
});

test('leaves out a user name and password', () => {
  expect(parsePageUrl('https://ann:secret@example.com/x?a=1').url).toBe('https://example.com/x?a=1');
  expect(parseReferrer('https://ann:secret@example.com/x').url).toBe('https://example.com/x');
});

test('reads a URL of 8 KB', () => {
  const path = `/${'%F0%9F%92%A5'.repeat(680)}`;
  expect(parsePageUrl(`https://example.com${path}`)).toMatchObject({ host: 'example.com', path });
});

test.each([
  ['https://www.google.com/', 'www.google.com'],
  ['android-app://com.google.android.gm/', 'com.google.android.gm'],
  ['android-app://com.Slack', 'com.slack'],
  ['ios-app://1234', ''],
  ['about:client', ''],
  ['garbage', ''],
  ['', ''],
])('takes %j to refer from %j', (referrer, host) => {
  expect(parseReferrer(referrer)).toMatchObject({ url: referrer, host });
});
