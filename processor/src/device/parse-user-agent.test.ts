import { describe, expect, test } from 'vitest';
import { parseUserAgent } from './parse-user-agent.ts';

const mozilla = 'Mozilla/5.0';
const webkit = 'AppleWebKit/537.36 (KHTML, like Gecko)';
const mobileWebkit = 'AppleWebKit/605.1.15 (KHTML, like Gecko)';

/** user agent; then browser, version, os, version, device, brand, model. */
const people: [string, string][] = [
  [
    `${mozilla} (Windows NT 10.0; Win64; x64) ${webkit} Chrome/131.0.0.0 Safari/537.36`,
    'Chrome 131, Windows 10, desktop, -, -',
  ],
  [
    `${mozilla} (Macintosh; Intel Mac OS X 10_15_7) ${mobileWebkit} Version/17.6 Safari/605.1.15`,
    'Safari 17.6, macOS 10.15.7, desktop, Apple, Macintosh',
  ],
  [
    `${mozilla} (X11; Ubuntu; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0`,
    'Firefox 132, Ubuntu -, desktop, -, -',
  ],
  [`${mozilla} (X11; Linux x86_64) ${webkit} Chrome/131.0.0.0 Safari/537.36`, 'Chrome 131, Linux -, desktop, -, -'],
  [
    `${mozilla} (X11; CrOS x86_64 14541.0.0) ${webkit} Chrome/131.0.0.0 Safari/537.36`,
    'Chrome 131, Chrome OS 14541, desktop, -, -',
  ],
  [
    `${mozilla} (iPhone; CPU iPhone OS 17_6_1 like Mac OS X) ${mobileWebkit} Version/17.6 Mobile/15E148 Safari/604.1`,
    'Safari 17.6, iOS 17.6.1, mobile, Apple, iPhone',
  ],
  [
    `${mozilla} (iPhone; CPU iPhone OS 17_0 like Mac OS X) ${mobileWebkit} CriOS/120.0.6099.119 Mobile/15E148 Safari/604.1`,
    'Chrome 120, iOS 17, mobile, Apple, iPhone',
  ],
  [
    `${mozilla} (iPhone; CPU iPhone OS 17_0 like Mac OS X) ${mobileWebkit} Mobile/15E148 Instagram 312.0.0.0`,
    'Instagram 312, iOS 17, mobile, Apple, iPhone',
  ],
  [
    `${mozilla} (iPad; CPU OS 12_5_7 like Mac OS X) ${mobileWebkit} Version/12.1.2 Mobile/15E148 Safari/604.1`,
    'Safari 12.1, iOS 12.5.7, tablet, Apple, iPad',
  ],
  [
    `${mozilla} (Linux; Android 10; K) ${webkit} Chrome/131.0.0.0 Mobile Safari/537.36`,
    'Chrome 131, Android 10, mobile, -, -',
  ],
  [
    `${mozilla} (Linux; Android 14; Pixel 8 Pro) ${webkit} Chrome/129.0.0.0 Mobile Safari/537.36`,
    'Chrome 129, Android 14, mobile, Google, Pixel 8 Pro',
  ],
  [
    `${mozilla} (Linux; Android 13; Pixel Tablet) ${webkit} Chrome/131.0.0.0 Safari/537.36`,
    'Chrome 131, Android 13, tablet, Google, Pixel Tablet',
  ],
  [
    `${mozilla} (Linux; Android 14; SM-S918B) ${webkit} SamsungBrowser/26.0 Chrome/122.0.0.0 Mobile Safari/537.36`,
    'Samsung Internet 26, Android 14, mobile, Samsung, SM-S918B',
  ],
  [`${mozilla} (Android 14; Mobile; rv:132.0) Gecko/132.0 Firefox/132.0`, 'Firefox 132, Android 14, mobile, -, -'],
  [
    `${mozilla} (Windows NT 10.0; Win64; x64) ${webkit} Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0`,
    'Edge 131, Windows 10, desktop, -, -',
  ],
  [
    `${mozilla} (Windows NT 10.0; Win64; x64) ${webkit} Chrome/130.0.0.0 Safari/537.36 OPR/115.0.0.0`,
    'Opera 115, Windows 10, desktop, -, -',
  ],
  [
    `${mozilla} (SMART-TV; Linux; Tizen 6.0) AppleWebKit/538.1 (KHTML, like Gecko) Version/6.0 TV Safari/538.1`,
    'Safari 6, Tizen 6, tv, Samsung, -',
  ],
  [
    `${mozilla} (PlayStation; PlayStation 5/2.26) ${mobileWebkit} Version/13.0 Safari/605.1.15`,
    'Safari 13, PlayStation 5, console, Sony, PlayStation 5',
  ],
  [
    `${mozilla} (Linux; Android 10; Quest 3) ${webkit} OculusBrowser/33.0 Chrome/126.0.0.0 VR Safari/537.36`,
    'Oculus Browser 33, Android 10, wearable, Facebook, Quest 3',
  ],
  [`${mozilla} (Windows NT 6.1; WOW64; Trident/7.0; rv:11.0) like Gecko`, 'IE 11, Windows 7, desktop, -, -'],
];

const bots = [
  `${mozilla} (compatible; Googlebot/2.1; +http://www.google.com/bot.html)`,
  `${mozilla} ${webkit}; compatible; Googlebot/2.1; +http://www.google.com/bot.html) Chrome/125.0.6422.60 Safari/537.36`,
  `${mozilla} (Linux; Android 6.0.1; Nexus 5X Build/MMB29P) ${webkit} Chrome/125.0.0.0 Mobile Safari/537.36 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)`,
  `${mozilla} (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)`,
  `${mozilla} (X11; Linux x86_64) ${webkit} HeadlessChrome/131.0.0.0 Safari/537.36`,
  'facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)',
  'curl/8.5.0',
  'python-requests/2.31.0',
];

describe('parseUserAgent', () => {
  test.each(people)('%s', (userAgent, expected) => {
    const facts = parseUserAgent(userAgent);
    const said = [
      `${facts.browser} ${facts.browser_version || '-'}`,
      `${facts.os} ${facts.os_version || '-'}`,
      facts.device,
      facts.device_brand || '-',
      facts.device_model || '-',
    ].join(', ');
    expect(said).toBe(expected);
    expect(facts.is_bot).toBe(false);
  });

  test.each(bots)('flags the bot %s', (userAgent) => {
    expect(parseUserAgent(userAgent)).toMatchObject({ is_bot: true, device: 'bot' });
  });

  test('takes Safari on iPadOS 13 and later for a Mac, since it sends a Mac’s string', () => {
    const iPad = `${mozilla} (Macintosh; Intel Mac OS X 10_15_6) ${mobileWebkit} Version/13.1.2 Safari/605.1.15`;
    expect(parseUserAgent(iPad)).toMatchObject({ os: 'macOS', device: 'desktop' });
  });

  test('knows nothing of an empty user agent', () => {
    expect(parseUserAgent('')).toEqual({
      browser: '',
      browser_version: '',
      engine: '',
      os: '',
      os_version: '',
      device: '',
      device_brand: '',
      device_model: '',
      is_bot: false,
      bot_signal: '',
    });
  });

  const pieces = [
    'a',
    '(',
    '; ',
    '/',
    ' ',
    '\0',
    'Mozilla/5.0 (',
    'android ;',
    'version/1',
    '1.',
    '; sm-',
    'phone ',
    'lg ',
    '\ud800',
    '💥',
  ];
  test.each(pieces)('is done with a megabyte of %j at once', (piece) => {
    const startedAt = performance.now();
    const facts = parseUserAgent(piece.repeat(1_000_000 / piece.length));
    expect(performance.now() - startedAt).toBeLessThan(500);
    for (const value of Object.values(facts)) expect(String(value).length).toBeLessThanOrEqual(64);
  });
});
