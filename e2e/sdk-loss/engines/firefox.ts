import { type Browser, type BrowserContext, launch, type Page } from 'puppeteer-core';
import { waitFor } from '../polling.ts';
import { type Engine, type MortalBrowser, navigationTimeoutMs, type Profile, type Tab } from './engine.ts';
import { requireProgram } from './installed.ts';
import { createPool, type Pool } from './pool.ts';
import { findDescendants, signalAll } from './processes.ts';

/** What Firefox calls the processes that run pages: shared, or of one site. */
const rendererNames = ['Web Content', 'Isolated Web Co'];

/** Opens Debian's Firefox ESR, headless, by Puppeteer over WebDriver BiDi. */
export async function openFirefox(): Promise<Engine> {
  const browser = await launchFirefox();
  const mortals = createPool(launchFirefox);
  return {
    name: 'firefox',
    version: (await browser.version()).replace('firefox/', 'Firefox '),
    openProfile: async () => toProfile(await browser.createBrowserContext()),
    openMortal: () => openMortalFirefox(mortals),
    close: async () => {
      await mortals.close();
      await browser.close();
    },
  };
}

function launchFirefox(): Promise<Browser> {
  const executablePath = requireProgram(['/usr/bin/firefox-esr', '/usr/bin/firefox'], 'firefox-esr');
  // No viewport: setting one costs a window as much as its first page. The back/forward cache holds eight pages of all
  // tabs together; here visitors share it who would each have it for themselves.
  return launch({
    browser: 'firefox',
    executablePath,
    headless: true,
    defaultViewport: null,
    extraPrefsFirefox: { 'browser.sessionhistory.max_total_viewers': 100 },
    timeout: 90_000,
    protocolTimeout: 90_000,
  });
}

function toProfile(context: BrowserContext): Profile {
  const pages: Page[] = [];
  return {
    openTab: async () => {
      const page = await openWindow(context);
      pages.push(page);
      return toTab(page);
    },
    setOffline: async (isOffline) => {
      for (const page of pages) if (!page.isClosed()) await page.setOfflineMode(isOffline);
    },
    close: () => context.close(),
  };
}

/** A window of its own: of the tabs in one window, all but one would be hidden and slowed down. */
async function openWindow(context: BrowserContext): Promise<Page> {
  const page = await context.newPage({ type: 'window' });
  page.setDefaultNavigationTimeout(navigationTimeoutMs);
  return page;
}

function toTab(page: Page): Tab {
  return {
    goto: async (url) => void (await page.goto(url)),
    evaluate: (expression) => page.evaluate(expression),
    start: (statements) => void page.evaluate(`{ ${statements} }`).catch(ignoreGone),
    click: (selector) => page.click(selector),
    close: () => page.close(),
  };
}

async function openMortalFirefox(mortals: Pool<Browser>): Promise<MortalBrowser> {
  const browser = await mortals.take();
  const context = await browser.createBrowserContext();
  const findRenderers = () => findDescendants(browser.process()?.pid ?? 0, rendererNames);
  return {
    show: async (url) => {
      // A browser that has just lost its renderers may fail to make the next.
      await waitFor('a window', async () => {
        const page = await openWindow(context).catch(() => null);
        page?.goto(url).catch(ignoreGone);
        return page !== null;
      });
    },
    freeze: async () => signalAll(findRenderers(), 'SIGSTOP'),
    killRenderers: async () => signalAll(findRenderers(), 'SIGKILL'),
    close: async () => {
      await context.close();
      mortals.give(browser);
    },
  };
}

/** Who was asked is gone before it answered. */
function ignoreGone(): void {}
