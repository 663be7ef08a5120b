import { isbot } from 'isbot';
import UAParser from 'ua-parser-js';
import { type BotSignal, isHeadless } from './bot-signal.ts';
import { type DeviceFacts, isDesktopSystem } from './device-facts.ts';
import { findBrand } from './find-brand.ts';
import { toVersion } from './to-version.ts';

/** A user agent is read up to here; real ones stay under 500 characters. */
export const maxUserAgentLength = 1_024;

const maxNameLength = 64;

/** Apps that show pages, and browsers, that ua-parser-js 1.x takes for the web view below them or gives no version. */
const extensions = {
  browser: [
    [/\[(linkedin)app\]\/([\d.]+)/i, /\[(pinterest)\/(?:ios|android)\]/i, /\b(line|gsa|nintendobrowser)\/([\d.]+)/i],
    ['name', 'version'],
  ],
};

const deviceTypes = new Map([
  ['mobile', 'mobile'],
  ['tablet', 'tablet'],
  ['smarttv', 'tv'],
  ['console', 'console'],
  ['wearable', 'wearable'],
]);

const systemNames = new Map([
  ['Mac OS', 'macOS'],
  ['Chromium OS', 'Chrome OS'],
]);

/**
 * Reads browser, engine, system and device from a user-agent string; never throws. Names are those of
 * ua-parser-js 1.x, but for 'macOS', 'Chrome OS', and no 'Mobile' before a browser's name, since the
 * device is a column of its own. Bots (isbot) are told, not dropped. What the string cannot say: Safari
 * on iPadOS >= 13 asks for desktop pages and sends a Mac's string, so it counts as a macOS desktop;
 * browsers freeze 'Windows NT 10.0' (10 or 11), 'Mac OS X 10_15_7' (that or later) and 'Android 10; K'
 * (any Android), which client hints correct where they are sent.
 * Source: https://www.chromium.org/updates/ua-reduction/
 */
export function parseUserAgent(userAgent: string): DeviceFacts {
  const text = userAgent.slice(0, maxUserAgentLength);
  const parsed = UAParser(text, extensions);
  const signal = toSignal(text);
  const osName = toName(parsed.os.name);
  const os = systemNames.get(osName) ?? osName;
  const model = toName(parsed.device.model);
  return {
    browser: toName(parsed.browser.name).replace(/^Mobile /, ''),
    browser_version: toVersion(parsed.browser.version ?? '', 2),
    engine: toName(parsed.engine.name),
    os,
    os_version: toVersion(parsed.os.version ?? '', 3),
    device: signal === '' ? toDevice(parsed.device.type, os) : 'bot',
    device_brand: toName(parsed.device.vendor) || findBrand(model, os),
    device_model: model === 'K' ? '' : model,
    is_bot: signal !== '',
    bot_signal: signal,
  };
}

function toSignal(userAgent: string): BotSignal {
  if (isHeadless(userAgent)) return 'headless';
  return isbot(userAgent) ? 'user_agent' : '';
}

function toDevice(type: string | undefined, os: string): string {
  if (type !== undefined) return deviceTypes.get(type) ?? '';
  return isDesktopSystem(os) ? 'desktop' : '';
}

function toName(text: string | undefined): string {
  return (text ?? '').trim().slice(0, maxNameLength).toWellFormed();
}
