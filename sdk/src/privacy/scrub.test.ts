import fc from 'fast-check';
import { beforeAll, expect, test, vi } from 'vitest';
import { stubBrowser } from '../../test/fresh.ts';
import { setSettings } from '../settings.ts';
import { scrub } from './scrub.ts';

beforeAll(() => {
  stubBrowser();
  setSettings({ apiKey: 'k', projectId: 'p', scrubKeys: ['plan'] });
  return () => vi.unstubAllGlobals();
});

test.each([
  '4111 1111 1111 1111',
  '4111-1111-1111-1111',
  '4111111111111111',
  '4222222222222',
  '3782 822463 10005',
  '378282246310005',
  '123.456.789-09',
  '12345678909',
  '12.345.678/0001-95',
  '12345678000195',
  '078-05-1120',
  'ann.smith+shop@mail.example.com',
  'ann%40example.com',
])('hides %s', (secret) => {
  for (const text of [secret, `Pay ${secret}.`, JSON.stringify({ text: secret }), `/users/${secret}/edit`]) {
    expect(scrub(text)).not.toContain(secret);
  }
});

test.each([
  '2026-11-22',
  '10:30:15',
  '1 234.50',
  '1795332008435',
  '7890123456789',
  '1234567890',
  'a@b',
  'v1.2.3',
  '£1,234,567.89',
])('leaves %s', (text) => {
  expect(scrub(text)).toBe(text);
});

test('hides values of parameters that name a secret, and of those that are listed, in query and fragment', () => {
  expect(scrub('https://a.example/x?accessToken=s&q=tea&plan=gold&reset_password=s#id_token=s&tab=1&gclid=G')).toBe(
    'https://a.example/x?accessToken=*&q=tea&plan=*&reset_password=*#id_token=*&tab=1&gclid=G',
  );
});

test('leaves JSON what it is', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.string()), (bag) => {
      const text = JSON.stringify(bag);
      expect(() => JSON.parse(scrub(text))).not.toThrow();
    }),
  );
});
