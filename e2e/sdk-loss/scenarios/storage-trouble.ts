import { openShop, type Scenario } from '../scenario.ts';
import { trackAndGo, untilLeft } from './leaving.ts';

const leave = "loss.track(0, 20); location.href = '/blank'";

/** Fills the origin's storage to the last byte: in ever smaller pieces, until one character is refused. */
const fillStorage = `
  for (let length = 1 << 20, count = 0; length >= 1; count += 1) {
    try { localStorage.setItem('filler' + count, 'x'.repeat(length)); } catch { length = Math.floor(length / 2); }
  }`;

/** What a page meets where its storage is denied: each touch throws, as in a browser that blocks all of a site's data. */
const denyStorage = `
  const deny = () => { throw new DOMException('The operation is insecure.', 'SecurityError'); };
  for (const name of ['localStorage', 'sessionStorage', 'indexedDB', 'caches'])
    Object.defineProperty(window, name, { get: deny, configurable: true });
  Object.defineProperty(document, 'cookie', { get: deny, set: deny, configurable: true });`;

/** The browser keeps nothing for the page, so all must leave with it. */
export const storageTrouble: readonly Scenario[] = [
  {
    name: 'storage full, 20 events and a navigation',
    events: 20,
    play: (stage) => {
      stage.setPages({ before: fillStorage });
      return trackAndGo(stage, leave);
    },
  },
  {
    name: 'storage denied, 20 events and a navigation',
    events: 20,
    play: (stage) => {
      stage.setPages({ before: denyStorage });
      return trackAndGo(stage, leave);
    },
  },
  {
    name: 'sandboxed frame, 20 events and a navigation',
    events: 20,
    play: async (stage) => {
      stage.setPages({ after: shopInFrame });
      await openShop(stage, await stage.openProfile());
      await untilLeft(stage);
      await stage.noteBeforeReturn();
    },
  },
];

/** The outer page shows itself in a frame of no origin, and leaves as soon as the inner one has tracked. */
const shopInFrame = `
  if (top === window) {
    addEventListener('message', () => { location.href = '/blank'; });
    const frame = document.createElement('iframe');
    frame.sandbox = 'allow-scripts';
    frame.src = '/framed';
    addEventListener('load', () => document.body.append(frame), { once: true });
  } else {
    loss.track(0, 20);
    parent.postMessage('tracked', '*');
  }`;
