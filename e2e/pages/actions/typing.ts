import type { Locator } from 'playwright-core';
import type { Visitor } from '../visiting/visitor.ts';
import { type Action, siteMove } from './action.ts';

const words = ['oolong', 'kettle', 'spring water', 'two cups'];

function draw(visitor: Visitor): string {
  return words[Math.floor(visitor.random() * words.length)] ?? '';
}

/** Gives where a form leads: where its button says, or by its fields, as forms do. */
async function readFormTarget(visitor: Visitor, button: Locator): Promise<URL> {
  const to = await button.getAttribute('data-to');
  if (to !== null) return new URL(to, visitor.history.url());
  const form = button.locator('xpath=ancestor::form');
  const fields = new URLSearchParams();
  for (const field of await form.locator('input,textarea').all()) {
    fields.append((await field.getAttribute('name')) ?? '', await field.inputValue());
  }
  return new URL(`${await form.getAttribute('action')}?${fields}`, visitor.history.url());
}

async function fill(visitor: Visitor, field: Locator): Promise<void> {
  await visitor.noteClick(field);
  await field.click();
  await field.press('ControlOrMeta+A');
  await field.pressSequentially(draw(visitor));
}

/** What is done with fields and forms. */
export const typingActions: readonly Action[] = [
  {
    name: 'write into a field',
    to: '#title, #note',
    play: async (visitor, field) => {
      await fill(visitor, field);
      await visitor.settle();
    },
  },
  {
    name: 'search while the address follows each letter',
    to: '#words.live',
    play: async (visitor, field) => {
      const text = draw(visitor);
      await visitor.noteClick(field);
      await field.click();
      await field.press('ControlOrMeta+A');
      const to = new URL(visitor.history.url());
      to.search = new URLSearchParams({ q: text }).toString();
      await visitor.move({ kind: 'replace', to }, () => field.pressSequentially(text));
    },
  },
  {
    name: 'send a form by its button',
    to: '#save, #find',
    play: async (visitor, button) => {
      const to = await readFormTarget(visitor, button);
      await visitor.noteClick(button);
      await visitor.move({ kind: siteMove(visitor), to }, () => button.click());
    },
  },
  {
    name: 'send a form by the Enter key',
    to: '#title, #words:not(.live)',
    play: async (visitor, field) => {
      await fill(visitor, field);
      const button = visitor.page.locator('main form button, .article form button');
      const to = await readFormTarget(visitor, button);
      // The browser clicks the form's button: https://html.spec.whatwg.org/#implicit-submission
      await visitor.noteClick(button);
      await visitor.move({ kind: siteMove(visitor), to }, () => field.press('Enter'));
    },
  },
];
