import type { Visitor } from '../visiting/visitor.ts';
import { type Action, traverse } from './action.ts';

async function openBookmark(visitor: Visitor): Promise<void> {
  const { bookmarks } = visitor.app;
  const path = bookmarks[Math.floor(visitor.random() * bookmarks.length)] ?? '/';
  const to = new URL(path, visitor.history.url());
  await visitor.move({ kind: 'open', to }, () => visitor.page.goto(to.href));
}

/** What is done with the browser around the page, and with the page as a whole. */
export const tabActions: readonly Action[] = [
  {
    name: 'go back',
    to: 'body',
    when: ({ history }) => history.canTraverse(-1),
    play: (visitor) => traverse(visitor, -1),
  },
  {
    name: 'go back twice',
    to: 'body',
    when: ({ history }) => history.canTraverse(-2),
    play: (visitor) => traverse(visitor, -2),
  },
  {
    name: 'go forward',
    to: 'body',
    when: ({ history }) => history.canTraverse(1),
    play: (visitor) => traverse(visitor, 1),
  },
  {
    name: 'reload',
    to: 'body',
    play: (visitor) => visitor.move({ kind: 'reload' }, () => visitor.page.reload()),
  },
  { name: 'open a bookmark', to: 'body', play: openBookmark },
  {
    name: 'scroll down and up',
    to: 'body',
    play: async (visitor) => {
      await visitor.page.mouse.wheel(0, 2_000);
      await visitor.page.mouse.wheel(0, -500);
      await visitor.settle();
    },
  },
];
