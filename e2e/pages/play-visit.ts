import type { Locator } from 'playwright-core';
import type { Action } from './actions/action.ts';
import { actions } from './actions/index.ts';
import type { Visitor } from './visiting/visitor.ts';

/**
 * Plays so many actions, each drawn by the seed from what the page at hand offers and was done least. Throws with the
 * action and its number where the page does not do what it must.
 */
export async function playVisit(visitor: Visitor, count: number): Promise<void> {
  const { ledger } = visitor;
  for (let number = 1; number <= count; number += 1) {
    const { action, element } = await draw(visitor);
    const from = visitor.history.url().href;
    try {
      await action.play(visitor, element);
    } catch (cause) {
      throw new Error(`${visitor.app.name}: action ${number}, to ${action.name}, failed at ${from}`, { cause });
    }
    ledger.actions.set(action.name, (ledger.actions.get(action.name) ?? 0) + 1);
  }
}

/** Counts what shows of each selector, in one question to the page. */
const countShown = `(selectors) => selectors.map((selector) => [...document.querySelectorAll(selector)].filter((element) => {
  const { width, height } = element.getBoundingClientRect();
  return width > 0 && height > 0 && element.checkVisibility({ visibilityProperty: true });
}).length)`;

async function draw(visitor: Visitor): Promise<{ action: Action; element: Locator }> {
  const { page, random, ledger } = visitor;
  const possible = actions.filter(({ when }) => when?.(visitor) ?? true);
  const counts = await page.evaluate<number[]>(`(${countShown})(${JSON.stringify(possible.map(({ to }) => to))})`);
  const offers = possible.flatMap((action, index) => {
    const count = counts[index] ?? 0;
    const element = page
      .locator(action.to)
      .filter({ visible: true })
      .nth(Math.floor(random() * count));
    return count > 0 ? [{ action, element, played: ledger.actions.get(action.name) ?? 0 }] : [];
  });
  const least = Math.min(...offers.map(({ played }) => played));
  const rarest = offers.filter(({ played }) => played <= least + 1);
  const drawn = rarest[Math.floor(random() * rarest.length)];
  if (drawn === undefined) throw new Error(`${visitor.app.name}: nothing can be done on ${page.url()}`);
  return drawn;
}
