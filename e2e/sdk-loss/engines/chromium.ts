import type { Browser, BrowserContext, Page } from 'playwright-core';
import { launchCachingChromium } from '../../src/browser.ts';
import { waitFor } from '../polling.ts';
import { type Engine, type MortalBrowser, navigationTimeoutMs, type Profile, type Tab } from './engine.ts';
import { createPool, type Pool } from './pool.ts';
import { signalAll } from './processes.ts';

/** Opens Debian's Chromium, headless, by Playwright, with the back/forward cache that visitors have. */
export async function openChromium(): Promise<Engine> {
  const browser = await launchCachingChromium();
  const mortals = createPool(launchCachingChromium);
  return {
    name: 'chromium',
    version: `Chromium ${browser.version()}`,
    openProfile: async () => toProfile(await browser.newContext()),
    openMortal: () => openMortalChromium(mortals),
    close: async () => {
      await mortals.close();
      await browser.close();
    },
  };
}

function toProfile(context: BrowserContext): Profile {
  context.setDefaultNavigationTimeout(navigationTimeoutMs);
  return {
    openTab: async () => toTab(await context.newPage()),
    setOffline: (isOffline) => context.setOffline(isOffline),
    close: () => context.close(),
  };
}

function toTab(page: Page): Tab {
  return {
    goto: async (url) => void (await page.goto(url)),
    evaluate: (expression) => page.evaluate(expression),
    start: (statements) => void page.evaluate(`{ ${statements} }`).catch(ignoreGone),
    click: (selector) => page.click(selector, { noWaitAfter: true }),
    close: () => page.close(),
  };
}

async function openMortalChromium(mortals: Pool<Browser>): Promise<MortalBrowser> {
  const browser = await mortals.take();
  const context = await browser.newContext();
  let shown: Page | null = null;
  return {
    show: async (url) => {
      shown = await context.newPage();
      shown.goto(url).catch(ignoreGone);
    },
    freeze: async () => {
      if (shown === null) return;
      const session = await context.newCDPSession(shown);
      await session.send('Page.setWebLifecycleState', { state: 'frozen' });
    },
    killRenderers: async () => {
      const renderers = await findRenderers(browser);
      signalAll(renderers, 'SIGKILL');
      // Until the browser has noticed, it would open the next page in one of the dead.
      await waitFor('dead renderers to be noticed', async () => {
        const left = await findRenderers(browser);
        return !renderers.some((renderer) => left.includes(renderer));
      });
    },
    close: async () => {
      await context.close();
      mortals.give(browser);
    },
  };
}

async function findRenderers(browser: Browser): Promise<number[]> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  return processInfo.flatMap(({ type, id }) => (type === 'renderer' ? [id] : []));
}

/** Who was asked is gone before it answered. */
function ignoreGone(): void {}
