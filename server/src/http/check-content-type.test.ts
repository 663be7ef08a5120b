import { expect, it } from 'vitest';
import { checkContentType } from './check-content-type.ts';

it.each([
  undefined,
  '',
  'application/json',
  'Application/JSON; charset=utf-8',
  'application/json;charset="UTF-8"; x=y',
  'text/plain',
  'text/plain;charset=utf8',
  'text/plain; charset = utf-8',
])('takes %s', (header) => {
  expect(checkContentType(header)).toBeNull();
});

it.each([
  'application/jsonp',
  'application/json; charset=utf-16',
  'text/plain;charset=latin1',
  'text/html',
  'json',
  ';',
])('refuses %s', (header) => {
  expect(checkContentType(header)).toMatchObject({ code: 'unsupported_media_type' });
});
