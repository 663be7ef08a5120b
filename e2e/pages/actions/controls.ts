import type { Locator } from 'playwright-core';
import type { Visitor } from '../visiting/visitor.ts';
import { type Action, follow } from './action.ts';

/** Clicks, and stays. */
async function press(visitor: Visitor, element: Locator, act = () => element.click()): Promise<void> {
  await visitor.noteClick(element);
  await act();
  await visitor.settle();
}

/** What is done with buttons and their like. */
export const controlActions: readonly Action[] = [
  { name: 'press a button', to: 'button.plain', play: (visitor, button) => press(visitor, button) },
  {
    name: 'press a button by the space bar',
    to: 'button.plain',
    play: (visitor, button) => press(visitor, button, () => button.press('Space')),
  },
  {
    name: 'press a button twice',
    to: 'button.plain',
    play: async (visitor, button) => {
      await visitor.noteClick(button, 2);
      await button.dblclick();
      await visitor.settle();
    },
  },
  {
    name: 'press a disabled button',
    to: '#off',
    play: async (visitor, button) => {
      await button.click({ force: true });
      await visitor.settle();
    },
  },
  { name: 'press what acts as a button', to: '#tile, a.article-share-link', play: press },
  { name: 'press a link that leads nowhere', to: '#void', play: press },
  { name: 'open or close details', to: 'summary', play: press },
  { name: 'tick a box', to: '#agree', play: press },
  {
    name: 'tick a box by its label',
    to: 'label[for="agree"]',
    play: async (visitor, label) => {
      // The browser clicks the box, and that click is the one that counts.
      await visitor.noteClick(visitor.page.locator('#agree'));
      await label.click();
      await visitor.settle();
    },
  },
  {
    name: 'choose one of several by its label',
    to: 'label:has(input[type="radio"])',
    play: async (visitor, label) => {
      await visitor.noteClick(label.locator('input'));
      await label.click();
      await visitor.settle();
    },
  },
  {
    name: 'choose from a list by the keyboard',
    to: '#colour',
    play: async (visitor, list) => {
      await list.press(visitor.random() < 0.5 ? 'b' : 'r');
      await visitor.settle();
    },
  },
  {
    name: 'press a button that leads on',
    to: 'button.push',
    play: (visitor, button) => follow(visitor, button, 'push'),
  },
  {
    name: 'press a button that loads a page',
    to: 'button.hard',
    play: (visitor, button) => follow(visitor, button, 'open'),
  },
  {
    name: 'press a button that changes the address in place',
    to: 'button.replace',
    play: (visitor, button) => follow(visitor, button, 'replace'),
  },
  {
    name: 'press a button that rewrites the address behind the router',
    to: 'button.rewrite',
    play: (visitor, button) => follow(visitor, button, 'rewrite'),
  },
  { name: 'click a heading', to: 'main h1', play: press },
  {
    name: 'mark a word of a text by a double click',
    to: 'p.text, .article-entry h2 + p',
    play: async (visitor, text) => {
      await visitor.noteClick(text, 2);
      await text.dblclick();
      await visitor.settle();
    },
  },
  {
    name: 'click a text with the middle button',
    to: 'p.text, .article-entry h2 + p',
    play: async (visitor, text) => {
      await text.click({ button: 'middle' });
      await visitor.settle();
    },
  },
];
