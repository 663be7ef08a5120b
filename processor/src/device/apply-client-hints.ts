import { type BotSignal, isHeadless } from './bot-signal.ts';
import type { ClientHints } from './client-hints.ts';
import { type DeviceFacts, isDesktopSystem } from './device-facts.ts';
import { findBrand } from './find-brand.ts';
import { toVersion } from './to-version.ts';

/** Brands by the name that the user-agent parser has for them: one browser, one name. */
const browserNames = new Map([
  ['Google Chrome', 'Chrome'],
  ['Chromium', 'Chromium'],
  ['HeadlessChrome', 'Chrome Headless'],
  ['Android WebView', 'Chrome WebView'],
  ['Microsoft Edge', 'Edge'],
  ['Microsoft Edge WebView2', 'Edge WebView2'],
  ['Opera', 'Opera'],
  ['Opera GX', 'Opera GX'],
  ['Opera Mobile', 'Opera Mobi'],
  ['Brave', 'Brave'],
  ['Vivaldi', 'Vivaldi'],
  ['YaBrowser', 'Yandex'],
  ['Yandex', 'Yandex'],
  ['Samsung Internet', 'Samsung Internet'],
  ['DuckDuckGo', 'DuckDuckGo'],
  ['Whale', 'Whale'],
  ['Oculus Browser', 'Oculus Browser'],
  ['Avast Secure Browser', 'Avast Secure Browser'],
  ['AVG Secure Browser', 'AVG Secure Browser'],
]);

/** Names that any browser built on Chromium may bear in its user agent. */
const plainChromium = new Set(['', 'Chrome', 'Chromium', 'Chrome WebView', 'Chrome Headless']);

const systemNames = new Map([
  ['Windows', 'Windows'],
  ['macOS', 'macOS'],
  ['Android', 'Android'],
  ['iOS', 'iOS'],
  ['Chrome OS', 'Chrome OS'],
  ['Chromium OS', 'Chrome OS'],
]);

const oldWindows = new Map([
  ['0.1', '7'],
  ['0.2', '8'],
  ['0.3', '8.1'],
]);

/**
 * Lays client hints over what the user agent said; never throws. A brand counts where the user agent
 * names plain Chromium or the same browser; brands not in the table, the made-up ones
 * (`Not)A;Brand`) among them, say no more than the user agent.
 * Windows 11 is platform version >= 13. Source: https://learn.microsoft.com/microsoft-edge/web-platform/how-to-detect-win11
 */
export function applyClientHints(facts: DeviceFacts, hints: ClientHints): DeviceFacts {
  const browser = toBrowser(facts, hints);
  const system = toSystem(facts, hints);
  const signal = toSignal(facts, hints);
  const model = facts.device_model || hints.model;
  return {
    ...facts,
    ...browser,
    ...system,
    engine: facts.engine || (hints.brands.some(({ name }) => name === 'Chromium') ? 'Blink' : ''),
    device_brand: facts.device_brand || findBrand(model, system.os),
    device_model: model,
    device: signal === '' ? toDevice(facts.device, system.os, hints.isMobile) : 'bot',
    is_bot: signal !== '',
    bot_signal: signal,
  };
}

function toSignal(facts: DeviceFacts, hints: ClientHints): string {
  const hinted: BotSignal = hints.isDriven ? 'webdriver' : '';
  if (hints.brands.some(({ name }) => isHeadless(name))) return 'headless';
  return facts.bot_signal || hinted;
}

function toBrowser(facts: DeviceFacts, hints: ClientHints): Pick<DeviceFacts, 'browser' | 'browser_version'> {
  const said = { browser: facts.browser, browser_version: facts.browser_version };
  const known = hints.brands.flatMap(({ name, version }) => {
    const browser = browserNames.get(name);
    return browser === undefined ? [] : [{ browser, browser_version: toVersion(version, 2) }];
  });
  if (!plainChromium.has(facts.browser)) return known.find(({ browser }) => browser === facts.browser) ?? said;
  return (
    known.find(({ browser }) => browser !== 'Chrome' && browser !== 'Chromium') ??
    known.find(({ browser }) => browser === 'Chrome') ??
    known[0] ??
    said
  );
}

function toSystem(facts: DeviceFacts, hints: ClientHints): Pick<DeviceFacts, 'os' | 'os_version'> {
  const platform = hints.platform;
  // 'Linux' says less than the 'Ubuntu' of a user agent, and its version is the kernel's.
  const os = platform === 'Linux' ? facts.os || 'Linux' : (systemNames.get(platform) ?? facts.os);
  const version = platform === 'Linux' || platform === '' ? '' : toSystemVersion(os, hints.platformVersion);
  return { os, os_version: version || (os === facts.os ? facts.os_version : '') };
}

function toSystemVersion(os: string, platformVersion: string): string {
  if (os !== 'Windows' || platformVersion === '') return toVersion(platformVersion, 3);
  const major = Number.parseInt(platformVersion, 10);
  if (major >= 13) return '11';
  if (major >= 1) return '10';
  return oldWindows.get(toVersion(platformVersion, 2)) ?? '';
}

function toDevice(device: string, os: string, isMobile: boolean | null): string {
  if (device !== '') return device;
  if (isMobile === true) return 'mobile';
  if (os === 'Android' && isMobile === false) return 'tablet';
  return isDesktopSystem(os) ? 'desktop' : '';
}
