import express, { type Express } from 'express';
import { expect, it } from 'vitest';
import { trustProxy } from './trust-proxy.ts';

function isTrusted(app: Express, address: string, hop = 0): unknown {
  return app.get('trust proxy fn')(address, hop);
}

function withSetting(setting: string): Express {
  const app = express();
  trustProxy(app, setting);
  return app;
}

it('believes the addresses of a list and no other, asked once or often', () => {
  const app = withSetting('loopback, 192.0.2.0/24');
  for (let time = 0; time < 3; time += 1) {
    expect(isTrusted(app, '127.0.0.1')).toBe(true);
    expect(isTrusted(app, '192.0.2.200')).toBe(true);
    expect(isTrusted(app, '198.51.100.1')).toBe(false);
  }
});

it('still knows after more addresses than it keeps', () => {
  const app = withSetting('10.0.0.0/8');
  for (let last = 0; last < 2_500; last += 1) isTrusted(app, `192.0.${last >> 8}.${last & 255}`);
  expect([isTrusted(app, '10.1.2.3'), isTrusted(app, '192.0.2.1')]).toEqual([true, false]);
});

it('counts proxies where it is given a number', () => {
  const app = withSetting('1');
  expect([isTrusted(app, '198.51.100.1', 0), isTrusted(app, '198.51.100.1', 1)]).toEqual([true, false]);
});

it.each([
  ['true', true],
  ['false', false],
])('takes %s for all or none', (setting, answer) => {
  expect(isTrusted(withSetting(setting), '198.51.100.1')).toBe(answer);
});

it('refuses a list with what is no address', () => {
  expect(() => withSetting('loopback, nonsense')).toThrow(/nonsense/);
});
