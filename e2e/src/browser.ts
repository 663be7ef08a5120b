import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';
import puppeteer, { type Browser as PuppeteerBrowser } from 'puppeteer-core';
import { readChromiumPath } from './config.ts';

/** Where Debian and its relatives put Chromium. */
const knownPaths = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** No sandbox, since tests run as root in containers; no QUIC or background traffic, since tests count requests. */
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * Launches headless Chromium: the one `PX_CHROMIUM` names, else Playwright's own where it is installed, else the
 * system's; `more` are further flags. Throws an error that names the command to install one. Close it when done.
 */
export async function launchChromium(more: readonly string[] = []): Promise<Browser> {
  return chromium.launch({ executablePath: findChromium(), args: [...flags, ...more] });
}

/** As `launchChromium`, with the back/forward cache that visitors have and Playwright turns off, and flags of its own. */
export async function launchCachingChromium(ownFlags: readonly string[] = []): Promise<Browser> {
  const ignoreDefaultArgs = ['--disable-back-forward-cache'];
  return chromium.launch({ executablePath: findChromium(), args: [...flags, ...ownFlags], ignoreDefaultArgs });
}

/** Launches the same by Puppeteer: what Playwright watches a page by turns rendering ahead off (`PrerenderingDisabledByDevTools`). */
export async function launchPrerenderingChromium(): Promise<PuppeteerBrowser> {
  return puppeteer.launch({ executablePath: findChromium(), args: ['--no-sandbox', '--disable-gpu'] });
}

function findChromium(): string {
  const named = readChromiumPath();
  if (named !== null) {
    if (existsSync(named)) return named;
    throw new Error(`PX_CHROMIUM names ${named}, which does not exist: unset it or name a Chromium.`);
  }
  const found = [chromium.executablePath(), ...knownPaths].find((path) => existsSync(path));
  if (found !== undefined) return found;
  throw new Error('The browser tests need a Chromium, and none is installed: run `apt-get install -y chromium`.');
}
