import type { Action } from './action.ts';
import { follow, readTarget, siteLinks, siteMove, traverse } from './action.ts';

/** Opens a link beside the page, with a button or a key held. */
function beside(name: string, options: { button?: 'middle'; modifiers?: ('Control' | 'Shift')[] }): Action {
  return {
    name,
    to: siteLinks,
    play: async (visitor, link) => {
      const to = await readTarget(visitor, link);
      await visitor.noteClick(link);
      await visitor.peek(to, () => link.click(options));
    },
  };
}

/** What is done with links. */
export const linkActions: readonly Action[] = [
  { name: 'follow a link', to: siteLinks, play: (visitor, link) => follow(visitor, link, siteMove(visitor)) },
  {
    name: 'follow a link by the Enter key',
    to: siteLinks,
    play: (visitor, link) => follow(visitor, link, siteMove(visitor), () => link.press('Enter')),
  },
  {
    name: 'follow a link after hovering over others',
    to: siteLinks,
    play: async (visitor, link) => {
      const others = visitor.page.locator(siteLinks).filter({ visible: true });
      for (let n = Math.min(3, await others.count()); n > 0; n -= 1) await others.nth(n - 1).hover();
      await follow(visitor, link, siteMove(visitor));
    },
  },
  {
    name: 'follow a link to a part of the page',
    to: 'main a[href^="#"]:not(#void), article a[href^="#"]:not(#void)',
    play: (visitor, link) => follow(visitor, link, 'push'),
  },
  {
    name: 'follow a link that changes the query',
    to: '#sorting a, .article a[href*="?"]',
    play: (visitor, link) => follow(visitor, link, siteMove(visitor)),
  },
  { name: 'follow a link in place', to: 'a.replace', play: (visitor, link) => follow(visitor, link, 'replace') },
  { name: 'follow a link past the router', to: 'a.hard', play: (visitor, link) => follow(visitor, link, 'open') },
  {
    name: 'follow a link inside a frame of the page',
    to: 'a.framed',
    play: async (visitor, link) => {
      await visitor.noteClick(link);
      await link.click();
      await visitor.settle();
    },
  },
  {
    name: 'follow a link that opens a tab',
    to: 'a[target="_blank"]',
    play: async (visitor, link) => {
      const to = await readTarget(visitor, link);
      await visitor.noteClick(link);
      await visitor.peek(to, () => link.click());
    },
  },
  beside('open a link by the middle button', { button: 'middle' }),
  beside('open a link with Ctrl held', { modifiers: ['Control'] }),
  beside('open a link with Shift held', { modifiers: ['Shift'] }),
  {
    name: 'leave by a link and come back',
    to: 'a.away',
    play: async (visitor, link) => {
      await follow(visitor, link, 'open');
      await traverse(visitor, -1);
    },
  },
  {
    name: 'download a file',
    to: 'a[download]',
    play: async (visitor, link) => {
      await visitor.noteClick(link);
      const [download] = await Promise.all([visitor.page.waitForEvent('download'), link.click()]);
      await download.cancel();
    },
  },
  {
    name: 'click a link with the right button',
    to: siteLinks,
    play: async (visitor, link) => {
      await link.click({ button: 'right' });
      await visitor.settle();
    },
  },
];
