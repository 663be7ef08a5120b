import type { Browser, BrowserContext, Page } from 'playwright-core';
import { launchChromium } from './browser.ts';
import { type Collector, openCollector } from './collector.ts';
import { openSite, readSnippet, type Site } from './site.ts';

/** A browser, a site that embeds the SDK as a customer would, and a collector on another origin. */
export interface SdkHarness {
  readonly site: Site;
  readonly collector: Collector;
  /** A page of a fresh profile. What goes wrong in it is in `pageErrors`. */
  openPage(): Promise<Page>;
  readonly context: () => BrowserContext;
  readonly pageErrors: string[];
  close(): Promise<void>;
}

/** Opens all three. `toHtml` gives a page from the snippet and the path. */
export async function openSdkHarness(
  toHtml: (snippet: string, path: string) => string,
  launch: () => Promise<Browser> = () => launchChromium(),
): Promise<SdkHarness> {
  const collector = await openCollector();
  const site = await openSite((path) => toHtml(readSnippet(collector.url), path));
  const browser = await launch();
  const pageErrors: string[] = [];
  let context = await browser.newContext();
  return {
    site,
    collector,
    pageErrors,
    context: () => context,
    openPage: async () => {
      await context.close();
      context = await browser.newContext();
      context.on('weberror', (webError) => pageErrors.push(String(webError.error())));
      return context.newPage();
    },
    close: async () => {
      await browser.close();
      await site.close();
      await collector.close();
    },
  };
}

/** Asks until the answer is true, every 25 ms, at most `timeoutMs`; then throws, naming what was waited for. */
export async function waitUntil(what: string, isTrue: () => boolean, timeoutMs = 15_000): Promise<void> {
  for (const until = Date.now() + timeoutMs; Date.now() < until; ) {
    if (isTrue()) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`Waited ${timeoutMs} ms in vain for ${what}.`);
}
