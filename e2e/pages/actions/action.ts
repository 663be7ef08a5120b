import type { Locator } from 'playwright-core';
import type { Visitor } from '../visiting/visitor.ts';

/** One thing that a person does before a screen. */
export interface Action {
  readonly name: string;
  /** CSS of what it is done to; of those that show, one is drawn. */
  readonly to: string;
  /** Whether it can be done now, beyond that. */
  readonly when?: (visitor: Visitor) => boolean;
  readonly play: (visitor: Visitor, element: Locator) => Promise<void>;
}

/**
 * Links to pages of the site, which a router takes where there is one. Hexo's menu for small screens lies under the page
 * on a large one, and its feed needs a plugin that its starter leaves out.
 */
export const siteLinks = 'a[href^="/"]:not([target],[download],.replace,.hard,.framed,.mobile-nav-link,[href$=".xml"])';

/** Gives where a link or a button of the site leads, by its `href` or `data-to`. */
export async function readTarget(visitor: Visitor, element: Locator): Promise<URL> {
  const to = (await element.getAttribute('href')) ?? (await element.getAttribute('data-to')) ?? '';
  return visitor.app.landing(new URL(to, visitor.history.url()));
}

/** Presses an element by an act of its own and follows it where it leads. */
export async function follow(
  visitor: Visitor,
  element: Locator,
  kind: 'open' | 'push' | 'replace' | 'rewrite',
  act: () => Promise<unknown> = () => element.click(),
): Promise<void> {
  const to = await readTarget(visitor, element);
  const asked = new URL((await element.getAttribute('href')) ?? to, visitor.history.url());
  const isShown = visitor.app.showsRedirects && kind === 'push' && asked.href !== to.href;
  await visitor.noteClick(element);
  await visitor.move({ kind, to }, act, isShown ? asked : undefined);
}

/** How this site's links lead on. */
export function siteMove({ app }: Visitor): 'open' | 'push' {
  return app.isRouted ? 'push' : 'open';
}

/** Goes back or forward by so many entries. */
export async function traverse(visitor: Visitor, by: number): Promise<void> {
  // In a task of its own: who asked would be gone before the answer.
  const script = `void setTimeout(() => history.go(${by}))`;
  await visitor.move({ kind: 'traverse', by }, () => visitor.page.evaluate(script));
}
