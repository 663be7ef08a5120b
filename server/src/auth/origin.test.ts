import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isOriginAllowed, parseOrigin } from './origin.ts';

describe('isOriginAllowed', () => {
  it.each(['https://shop.acme.com', 'https://a.b.acme.com', 'https://SHOP.acme.com', 'https://my_shop-2.acme.com'])(
    'lets a wildcard cover %s',
    (origin) => {
      expect(isOriginAllowed(['https://*.acme.com'], origin)).toBe(true);
    },
  );

  it.each([
    'https://acme.com',
    'https://acme.com.evil.com',
    'https://evilacme.com',
    'https://evil.com/.acme.com',
    'https://evil.com:443@shop.acme.com',
    'https://evil.com#.acme.com',
    'https://.acme.com',
    'https://evil.com\n.acme.com',
    'http://shop.acme.com',
    'https://shop.acme.com:8443',
    'https://shop.acme.com.',
    'null',
    '',
  ])('does not let a wildcard cover %j', (origin) => {
    expect(isOriginAllowed(['https://*.acme.com'], origin)).toBe(false);
  });

  it('takes an exact origin as it is', () => {
    const allowed = ['https://acme.com', 'http://localhost:3000'];
    expect(isOriginAllowed(allowed, 'https://acme.com')).toBe(true);
    expect(isOriginAllowed(allowed, 'http://localhost:3000')).toBe(true);
    expect(isOriginAllowed(allowed, 'http://localhost:3001')).toBe(false);
    expect(isOriginAllowed(allowed, 'https://www.acme.com')).toBe(false);
    expect(isOriginAllowed([], 'https://acme.com')).toBe(false);
  });

  it('covers no host that does not end in the allowed one, whatever stands before it', () => {
    fc.assert(
      fc.property(fc.webUrl(), (url) => {
        const { origin, host } = new URL(url);
        expect(isOriginAllowed(['https://*.acme.com'], origin)).toBe(
          origin.startsWith('https:') && host.endsWith('.acme.com'),
        );
      }),
    );
  });
});

describe('parseOrigin', () => {
  it.each([
    ['https://acme.com', 'https://acme.com'],
    ['https://Acme.com/', 'https://acme.com'],
    ['https://acme.com:443', 'https://acme.com'],
    ['https://*.acme.com:8443', 'https://*.acme.com:8443'],
    ['https://münchen.de', 'https://xn--mnchen-3ya.de'],
    ['http://[::1]:8000', 'http://[::1]:8000'],
    ['chrome-extension://abcdef', 'chrome-extension://abcdef'],
  ])('reads %s as %s', (text, origin) => {
    expect(parseOrigin(text)).toBe(origin);
  });

  it.each([
    'acme.com',
    '*.acme.com',
    'https://',
    'https://*.',
    'https://*',
    'https://a.*.com',
    'https://acme.com/shop',
    'https://me@acme.com',
    'https://acme.com?a',
    'https://acme.com:99999',
    '',
  ])('refuses %j', (text) => {
    expect(parseOrigin(text)).toBeNull();
  });

  it('gives what it reads again as the same', () => {
    fc.assert(
      fc.property(fc.webUrl(), (url) => {
        const { origin } = new URL(url);
        expect(parseOrigin(origin)).toBe(origin);
      }),
    );
  });
});
