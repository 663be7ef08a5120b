import { expect, it } from 'vitest';
import { isBlockedId } from './blocked-id.ts';

it.each([
  'null',
  'undefined',
  '0',
  'anonymous',
  'NaN',
  '[object Object]',
  'guest',
  'NULL',
  ' Guest ',
  '"null"',
  "'undefined'",
  '',
  '   ',
  '""',
  '00000000-0000-0000-0000-000000000000',
])('%j names nobody', (id) => {
  expect(isBlockedId(id)).toBe(true);
});

it.each(['1', '00', 'nullius', 'guest-7', 'anonymous@shop.example', 'Nan Goldin', 'user_1', '💚', 'x'.repeat(200)])(
  '%j names somebody',
  (id) => {
    expect(isBlockedId(id)).toBe(false);
  },
);
