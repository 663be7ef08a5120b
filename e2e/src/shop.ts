import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startStandalone } from '@px-platform/standalone';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { launchChromium } from './browser.ts';
import { makeDataDir } from './data-dir.ts';
import { type Gate, openGate } from './gate.ts';
import { openShopPages, type PageParts, type ShopPages } from './shop-pages.ts';
import { makeProject, type StoredRow } from './stored-project.ts';

const root = join(import.meta.dirname, '../..');

/** A shop whose pages bear the SDK, the real server behind a gate, and a browser. One a test file. */
export interface Shop {
  readonly gate: Gate;
  readonly pages: ShopPages;
  readonly browser: Browser;
  /** A visitor in a fresh profile, to a shop whose project nobody has written to; the one before leaves. */
  newVisitor(toParts?: PageParts | ((path: string) => PageParts), setting?: VisitorSetting): Promise<Visitor>;
  close(): Promise<void>;
}

/** What a visitor's browser is, and what of the SDK's files the shop forgot. */
export interface VisitorSetting extends BrowserContextOptions {
  /** Of the shop's address. @defaultValue `127.0.0.1` */
  readonly host?: string;
  readonly missing?: readonly string[];
}

/** One visitor: their page, and what the server stored of them. */
export interface Visitor {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly projectId: string;
  readonly apiKey: string;
  /** Errors that nobody caught, in any of the visitor's pages. */
  readonly errors: readonly string[];
  /** Goes to a path of the shop, and waits until the SDK is there. */
  open(path?: string, page?: Page): Promise<void>;
  /** Runs code in the page, and gives its value. */
  run<T = unknown>(code: string): Promise<T>;
  /** Lets all that the page put off to a task of its own happen. */
  settle(): Promise<void>;
  /** Sets the page's clock so much ahead; `page.clock.install()` comes before `open`. */
  pass(ms: number): Promise<void>;
  /** Leaves for a page without the SDK. */
  leave(): Promise<void>;
  counts(): Promise<Record<string, number>>;
  /** Names of all that the shop's origin keeps on the device, of its cookies too; `choice` among them is what was agreed to. */
  kept(): Promise<string[]>;
  /** Gives all rows as soon as they hold so many of each of these names, else throws saying what there is. */
  stored(...names: readonly string[]): Promise<StoredRow[]>;
  /** Rows of this name. */
  rowsOf(name: string): Promise<StoredRow[]>;
  /**
   * Waits until the page reads what another tab keeps by such a name in `localStorage`: a browser tells a tab in another
   * process of it when it comes to it.
   */
  untilTold(other: Page, name: string): Promise<void>;
}

/** Opens everything; `launch` gives another browser than the usual. */
export async function openShop(launch: () => Promise<Browser> = () => launchChromium()): Promise<Shop> {
  const dataDir = makeDataDir('shop');
  const [server, browser, pages] = await Promise.all([
    startStandalone({
      env: { DATA_DIR: dataDir, PORT: '0', HOST: '127.0.0.1', LOG_LEVEL: 'error', FLUSH_INTERVAL_MS: '20' },
      clockOffsetMs: 0,
      site: { dir: join(root, 'standalone/demo'), sdkDir: join(root, 'sdk/dist') },
    }),
    launch(),
    openShopPages(),
  ]);
  const gate = await openGate(server.url);
  let visitors = 0;
  let last: BrowserContext | undefined;
  return {
    gate,
    pages,
    browser,
    newVisitor: async (given = {}, { host = '127.0.0.1', missing = [], ...setting } = {}) => {
      await last?.close();
      gate.answer(() => 'pass');
      visitors += 1;
      const project = await makeProject(
        server,
        `shop ${visitors}`,
        () => gate.passed.filter(({ isStored }) => isStored).length,
      );
      const toParts = typeof given === 'function' ? given : () => given;
      const { apiKey, projectId } = project;
      pages.show(toParts, { apiKey, projectId, endpoint: gate.url }, missing);
      const context = await browser.newContext({ baseURL: `http://${host}:${pages.port}`, ...setting });
      last = context;
      const errors: string[] = [];
      context.on('weberror', (webError) => errors.push(String(webError.error())));
      const page = await context.newPage();
      const run = <T>(code: string): Promise<T> => page.evaluate<T>(code);
      return {
        page,
        context,
        projectId,
        apiKey,
        errors,
        run,
        open: async (path = '/', at = page) => {
          await at.goto(path);
          await at.waitForFunction('window.PX && PX.counts');
        },
        settle: () => run(settle),
        pass: (ms) => page.clock.fastForward(ms),
        leave: async () => void (await page.goto('/blank')),
        counts: () => run('PX.counts()'),
        kept: () => run(listKept),
        stored: (...names) => waitForRows(project.rows, names),
        rowsOf: async (name) => (await project.rows()).filter(({ event }) => event === name),
        untilTold: async (other, name) => {
          await other.evaluate(settle);
          const kept = JSON.stringify(await other.evaluate(readKept(name)));
          if (kept === '[]') throw new Error(`The other tab keeps nothing whose name ends so: ${name}.`);
          await page.waitForFunction(`JSON.stringify(${readKept(name)}) === ${JSON.stringify(kept)}`, undefined, {
            polling: 50,
          });
        },
      };
    },
    close: async () => {
      await browser.close();
      await gate.close();
      await pages.close();
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

const settle = 'new Promise((done) => setTimeout(() => setTimeout(done)))';
/** Runs in a page; gives the texts of `localStorage` whose names end so. */
const readKept = (name: string) =>
  `Object.entries(localStorage).filter(([key]) => key.endsWith(${JSON.stringify(name)})).sort()`;

const patienceMs = 15_000;

async function waitForRows(read: () => Promise<StoredRow[]>, names: readonly string[]): Promise<StoredRow[]> {
  for (const until = Date.now() + patienceMs; ; ) {
    const rows = await read();
    const left = rows.map(({ event }) => event);
    const missing = names.filter((name) => {
      const at = left.indexOf(name);
      if (at >= 0) left.splice(at, 1);
      return at < 0;
    });
    if (missing.length === 0) return rows;
    if (Date.now() > until) {
      throw new Error(`Waited ${patienceMs} ms in vain for ${missing}; stored: ${rows.map(({ event }) => event)}.`);
    }
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
}

/** Runs in a page; of a database or a cache the name tells enough. */
const listKept = `(async () => [
  ...Object.keys(localStorage),
  ...Object.keys(sessionStorage),
  ...document.cookie.split('; ').filter(Boolean).map((pair) => 'cookie ' + pair.split('=')[0]),
  ...(await indexedDB.databases()).map(({ name }) => 'database ' + name),
  ...(await caches.keys()).map((name) => 'cache ' + name),
])()`;
