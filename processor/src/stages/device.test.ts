import { expect, test } from 'vitest';
import { knownFacts } from '../../test/known-facts.ts';
import { makeOrdinaryTraffic } from '../../test/ordinary-traffic.ts';
import { makePipelineEvent, toRow } from '../../test/pipeline-event.ts';
import { createDeviceStage } from './device.ts';

const webkit = 'AppleWebKit/537.36 (KHTML, like Gecko)';
const windowsChrome = `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${webkit} Chrome/131.0.0.0 Safari/537.36`;
const androidChrome = `Mozilla/5.0 (Linux; Android 10; K) ${webkit} Chrome/131.0.0.0 Mobile Safari/537.36`;
const chromeBrands = '"Google Chrome";v="131", "Chromium";v="131", "Not_A Brand";v="24"';

type Hints = Record<string, string>;

function run(user_agent: string, client_hints: Hints, fromSdk?: Hints) {
  const context = fromSdk === undefined ? {} : { client_hints: fromSdk };
  return toRow(createDeviceStage().run(makePipelineEvent({ record: { user_agent, client_hints }, context })));
}

test('fills the row from the user agent alone', () => {
  expect(run(windowsChrome, {})).toMatchObject({
    browser: 'Chrome',
    browser_version: '131',
    os: 'Windows',
    os_version: '10',
    device: 'desktop',
    device_brand: '',
    device_model: '',
    is_bot: false,
    engine: 'Blink',
    bot_signal: '',
  });
});

test.each([
  ['"15.0.0"', '11'],
  ['"13.0.0"', '11'],
  ['"10.0.0"', '10'],
  ['"0.3.0"', '8.1'],
  ['"0.1.0"', '7'],
  ['""', '10'],
  ['"nonsense"', '10'],
])('reads platform version %s of Windows as Windows %s', (version, expected) => {
  const row = run(windowsChrome, { 'sec-ch-ua-platform': '"Windows"', 'sec-ch-ua-platform-version': version });
  expect(row).toMatchObject({ os: 'Windows', os_version: expected });
});

test('finds a browser that hides behind Chrome’s user agent in the brands', () => {
  const brands = '"Brave";v="131", "Chromium";v="131", "Not?A_Brand";v="24"';
  expect(run(windowsChrome, { 'sec-ch-ua': brands })).toMatchObject({ browser: 'Brave', browser_version: '131' });
});

test.each(['Not A;Brand', ' Not;A Brand', 'Not_A Brand', 'Not?A_Brand', 'Not/A)Brand', '(Not(A:Brand', 'Not.A/Brand'])(
  'leaves out the made-up brand %j',
  (brand) => {
    const row = run('', { 'sec-ch-ua': `"${brand}";v="99", "Chromium";v="131", "Google Chrome";v="131"` });
    expect(row).toMatchObject({ browser: 'Chrome', browser_version: '131' });
  },
);

test('gives one version whether the brands or the user agent tell it', () => {
  expect(run(windowsChrome, { 'sec-ch-ua': chromeBrands }).browser_version).toBe(
    run(windowsChrome, {}).browser_version,
  );
});

test('takes the app that shows a page over the web view it shows it in', () => {
  const facebook = `Mozilla/5.0 (Linux; Android 13; SM-A515F; wv) ${webkit} Version/4.0 Chrome/120.0.0.0 Mobile Safari/537.36 [FB_IAB/FB4A;FBAV/440.0.0.30.107;]`;
  const row = run(facebook, { 'sec-ch-ua': '"Android WebView";v="120", "Chromium";v="120"' });
  expect(row).toMatchObject({ browser: 'Facebook', browser_version: '440' });
});

test('restores the model and its maker, and Android’s version, where the user agent is reduced', () => {
  const row = run(androidChrome, {
    'sec-ch-ua': chromeBrands,
    'sec-ch-ua-mobile': '?1',
    'sec-ch-ua-platform': '"Android"',
    'sec-ch-ua-platform-version': '"14.0.0"',
    'sec-ch-ua-model': '"SM-S918B"',
  });
  expect(row).toMatchObject({
    os: 'Android',
    os_version: '14',
    device: 'mobile',
    device_brand: 'Samsung',
    device_model: 'SM-S918B',
  });
});

test('reads what the SDK sends before the headers', () => {
  const row = run(
    windowsChrome,
    { 'sec-ch-ua-platform': '"Linux"' },
    { platform: 'Windows', platform_version: '15.0.0' },
  );
  expect(row).toMatchObject({ os: 'Windows', os_version: '11' });
});

test('keeps the distribution that the user agent names over the platform Linux', () => {
  const ubuntu = `Mozilla/5.0 (X11; Ubuntu; Linux x86_64) ${webkit} Chrome/131.0.0.0 Safari/537.36`;
  expect(run(ubuntu, { 'sec-ch-ua-platform': '"Linux"', 'sec-ch-ua-platform-version': '"6.8.0"' })).toMatchObject({
    os: 'Ubuntu',
    os_version: '',
    device: 'desktop',
  });
});

test('fills device and system from hints alone', () => {
  expect(run('', { 'sec-ch-ua-platform': '"Android"', 'sec-ch-ua-mobile': '?0' })).toMatchObject({
    os: 'Android',
    device: 'tablet',
  });
  expect(run('', { 'sec-ch-ua-platform': '"Android"', 'sec-ch-ua-mobile': '?1' })).toMatchObject({ device: 'mobile' });
  expect(run('', { 'sec-ch-ua-platform': '"macOS"', 'sec-ch-ua-platform-version': '"14.5.0"' })).toMatchObject({
    os: 'macOS',
    os_version: '14.5',
    device: 'desktop',
  });
});

test('flags a headless browser that changed its user agent but not its brands', () => {
  const row = run(windowsChrome, { 'sec-ch-ua': '"HeadlessChrome";v="131", "Chromium";v="131"' });
  expect(row).toMatchObject({ is_bot: true, device: 'bot', bot_signal: 'headless' });
});

test.each(['?1', 'true'])('flags a browser that a program drives, where the page says so by %s', (webdriver) => {
  expect(run(windowsChrome, {}, { webdriver })).toMatchObject({
    browser: 'Chrome',
    is_bot: true,
    device: 'bot',
    bot_signal: 'webdriver',
  });
});

test.each(['?0', 'false', '', 'no'])('takes webdriver %j for a person', (webdriver) => {
  expect(run(windowsChrome, {}, { webdriver })).toMatchObject({ is_bot: false, device: 'desktop', bot_signal: '' });
});

test('names a robot by its user agent though it is driven too', () => {
  const googlebot = 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)';
  expect(run(googlebot, {}, { webdriver: '?1' })).toMatchObject({ bot_signal: 'user_agent' });
});

test('finds the maker where hints alone name the model', () => {
  const row = run('', { 'sec-ch-ua-platform': '"Android"', 'sec-ch-ua-mobile': '?1', 'sec-ch-ua-model': '"Pixel 9"' });
  expect(row).toMatchObject({ device_brand: 'Google', device_model: 'Pixel 9', device: 'mobile' });
});

test('survives hints that are no hints', () => {
  const hostile = [
    '',
    '"',
    '"\\',
    '\0',
    '"a";v="',
    '"'.repeat(1e6),
    '"a";v="1",'.repeat(1e5),
    '__proto__',
    'constructor',
    '💥',
  ];
  for (const value of hostile) {
    const hints = Object.fromEntries(
      ['sec-ch-ua', 'sec-ch-ua-platform', 'sec-ch-ua-platform-version', 'sec-ch-ua-mobile', 'sec-ch-ua-model'].map(
        (name) => [name, value],
      ),
    );
    expect(run(windowsChrome, hints)).toMatchObject({ browser: 'Chrome', os: 'Windows', os_version: '10' });
  }
});

test('keeps one user agent apart by its hints', () => {
  const stage = createDeviceStage();
  const versions = ['"10.0.0"', '"15.0.0"', '"10.0.0"'].map((version) => {
    const client_hints = { 'sec-ch-ua-platform': '"Windows"', 'sec-ch-ua-platform-version': version };
    return toRow(stage.run(makePipelineEvent({ record: { user_agent: windowsChrome, client_hints } }))).os_version;
  });
  expect(versions).toEqual(['10', '11', '10']);
  expect(stage.cacheCounts()).toEqual({ hits: 1, misses: 2, size: 2 });
});

test('answers 95 of 100 events of ordinary traffic from its cache', () => {
  const stage = createDeviceStage();
  for (const record of makeOrdinaryTraffic(40_000, 7)) stage.run(makePipelineEvent({ record }));
  const { hits, misses } = stage.cacheCounts();
  const percent = Math.round((hits / (hits + misses)) * 1_000) / 10;
  process.stdout.write(`device cache: ${percent} % of ${hits + misses} look-ups on ordinary traffic\n`);
  expect(hits + misses).toBe(40_000);
  expect(misses).toBeGreaterThan(500);
  expect(percent).toBeGreaterThanOrEqual(95);
});

test('parses a user agent once', () => {
  const stage = createDeviceStage({ maxCachedUserAgents: 2 });
  for (let i = 0; i < 5; i += 1) stage.run(makePipelineEvent({ record: { user_agent: windowsChrome } }));
  expect(stage.cacheCounts()).toEqual({ hits: 4, misses: 1, size: 1 });
  for (let i = 0; i < 5; i += 1) stage.run(makePipelineEvent({ record: { user_agent: `made-up/${i}` } }));
  expect(stage.cacheCounts().size).toBe(2);
});

test('keeps the device that an imported event is known to come from', () => {
  const event = makePipelineEvent({ record: { user_agent: windowsChrome }, event: { known: knownFacts } });
  expect(toRow(createDeviceStage().run(event))).toMatchObject(knownFacts.device);
});
