import type { Browser } from 'playwright-core';
import { launchChromium } from '../processes/launch-chromium.ts';
import { type BenchCollector, openBenchCollector } from './collector.ts';
import { type BenchSite, openBenchSite } from './site.ts';

/** The browser, the site and the collector of one run. */
export interface Ground {
  readonly browser: Browser;
  readonly site: BenchSite;
  readonly collector: BenchCollector;
  close(): Promise<void>;
}

/** Opens all three, the collector on another origin than the site, whose every page is `html`: an empty one where it is left out. */
export async function openGround(html?: string): Promise<Ground> {
  const collector = await openBenchCollector();
  const site = await openBenchSite(html);
  // Some SDKs record nothing in a browser that says it is driven.
  const browser = await launchChromium(['--disable-blink-features=AutomationControlled']);
  return {
    browser,
    site,
    collector,
    async close() {
      await browser.close();
      await site.close();
      await collector.close();
    },
  };
}
