import { expect, it } from 'vitest';
import { serverUrlsSchema, toServerName } from './server-urls.ts';

it.each([
  ['http://ch:8123', ['http://ch:8123']],
  ['http://px:a,b@ch:8123/px', ['http://px:a,b@ch:8123/px']],
  ['http://a:8123/px,https://b:8443/px', ['http://a:8123/px', 'https://b:8443/px']],
  ['http://a:8123, http://b:8123 ,\nhttp://c:8123', ['http://a:8123', 'http://b:8123', 'http://c:8123']],
])('reads %j', (list, urls) => {
  expect(serverUrlsSchema.parse(list)).toEqual(urls);
});

it.each([
  ['', /must be the URL of a server/],
  ['clickhouse', /must be the URL of a server/],
  ['tcp://ch:9000', /must be the URL of a server/],
  ['http://a:8123,b:8123', /must be the URL of a server/],
  ['http://a:8123,', /must be the URL of a server/],
  ['http://a:8123,,http://b:8123', /must be the URL of a server/],
  ['http://a:8123,http://', /must be the URL of a server/],
  ['http://a:8123/px,http://px:secret@a:8123/px', /names a server twice/],
  [Array.from({ length: 17 }, (_, at) => `http://ch-${at}:8123`).join(), /more than 16/],
])('refuses %j', (list, message) => {
  expect(() => serverUrlsSchema.parse(list)).toThrow(message);
});

it('names a server without its password', () => {
  expect(toServerName('https://px:secret@ch-1:8443/px')).toBe('ch-1:8443');
});
