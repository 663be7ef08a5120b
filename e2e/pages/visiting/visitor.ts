import type { Locator, Page } from 'playwright-core';
import type { AppUnderTest } from '../app-under-test.ts';
import { createLedger, type Ledger } from './ledger.ts';
import { createSessionHistory, type Move, type SessionHistory } from './session-history.ts';

const patienceMs = 20_000;
const everyMs = 20;
/** A page on which nothing moved for so long is one that a person would act on. */
const quietMs = 60;

/** Somebody with a mouse and a keyboard before one tab of an app, who writes down what they do. */
export interface Visitor {
  readonly app: AppUnderTest;
  readonly page: Page;
  readonly history: SessionHistory;
  readonly ledger: Ledger;
  /** A number from 0 to 1, the next of the script's seed. */
  readonly random: () => number;
  /**
   * Does something that moves the tab, waits until the browser shows what must come of it, and writes the view down.
   * `through` is an address that the tab shows on the way.
   */
  readonly move: (move: Move, act: () => Promise<unknown>, through?: URL) => Promise<void>;
  /** Writes down a click on an element, or `times`, that is about to be made. */
  readonly noteClick: (element: Locator, times?: number) => Promise<void>;
  /** Does something that opens a page of the site in a tab of its own, looks at it and closes it. */
  readonly peek: (to: URL, act: () => Promise<unknown>) => Promise<void>;
  /** Waits until the page stands still. */
  readonly settle: () => Promise<void>;
}

/** Opens an app's first page in a tab. */
export async function openVisitor(options: {
  app: AppUnderTest;
  page: Page;
  first: URL;
  random: () => number;
}): Promise<Visitor> {
  const { app, page, first, random } = options;
  const ledger = createLedger();
  const history = createSessionHistory(first, app.seesRewrites);
  const isReady = `document.readyState === 'complete' && !!window.PX?.counts && !!(${app.isReady})`;
  let moves = 0;

  const until = async (on: Page, what: string, condition: string): Promise<void> => {
    try {
      await on.waitForFunction(condition, undefined, { polling: everyMs, timeout: patienceMs });
    } catch (cause) {
      throw new Error(`${app.name}: waited in vain for ${what}; the tab shows ${on.url()}`, { cause });
    }
  };
  const settle = () => until(page, 'a page that stands still', `(${isReady}) && (${isQuiet})`);

  await page.goto(first.href);
  await settle();
  ledger.pageViews.push(first.pathname);
  return {
    app,
    page,
    history,
    ledger,
    random,
    settle,
    move: async (given, act, through) => {
      moves += 1;
      await page.evaluate(`window.moves = ${moves}`);
      let move = given;
      if (through && 'to' in given) {
        history.apply({ kind: 'push', to: through });
        ledger.pageViews.push(through.pathname);
        ledger.passedThrough.push(through.pathname);
        move = { kind: 'replace', to: given.to };
      }
      const { url, isLoad, isView } = history.apply(move);
      const document = isLoad ? `window.moves !== ${moves}` : `window.moves === ${moves}`;
      const isSite = url.origin === first.origin;
      await act();
      await until(
        page,
        `${move.kind} to ${url.href} ${isLoad ? 'by a load' : 'without a load'}`,
        `location.href === ${JSON.stringify(url.href)} && ${document} && ${isSite ? isReady : 'true'}`,
      );
      if (isView) ledger.pageViews.push(url.pathname);
      if (isSite) await settle();
    },
    noteClick: async (element, times = 1) => {
      const text = await element.evaluate(describe);
      for (let click = 0; click < times; click += 1) ledger.clicks.push(text);
    },
    peek: async (to, act) => {
      const opened = page.context().waitForEvent('page', { timeout: patienceMs });
      await act();
      const tab = await opened;
      if (to.origin === first.origin) {
        await until(
          tab,
          `${to.href} in a tab of its own`,
          `location.href === ${JSON.stringify(to.href)} && ${isReady}`,
        );
        ledger.pageViews.push(to.pathname);
      }
      await tab.close();
    },
  };
}

/** True once nothing in the page has changed for a while; asked again and again. */
const isQuiet = `(() => {
  const watch = (window.watch ??= (() => {
    const state = { at: performance.now() };
    new MutationObserver(() => { state.at = performance.now(); }).observe(document, { subtree: true, childList: true, attributes: true });
    return state;
  })());
  return performance.now() - watch.at > ${quietMs};
})()`;

/** What is read of an element, in the page. */
interface Shown {
  readonly localName: string;
  readonly textContent: string;
  readonly href?: string;
  getAttribute(name: string): string | null;
}

/** Names a link by its address, what is pressed by its text, all else by its tag and id. */
function describe(element: Shown): string {
  const id = element.getAttribute('id');
  const name = element.localName + (id ? `#${id}` : '');
  if (element.localName === 'a') return `${name} ${element.href}`.trim();
  const isPressed = ['button', 'summary'].includes(element.localName);
  return isPressed ? `${name} ${element.textContent.replace(/\s+/g, ' ').trim()}` : name;
}
