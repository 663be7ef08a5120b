import { pause, waitFor } from '../polling.ts';
import { openShop, type Scenario, type Stage } from '../scenario.ts';
import type { StoredRow } from '../stand/play-project.ts';
import { untilLeft, untilTrue } from './leaving.ts';

const tracksOnLoad = "addEventListener('load', () => { loss.track(0, 10); fetch('/signal/tracked'); });";
const tellsOfCache = "addEventListener('pageshow', (event) => { window.isRestored = event.persisted; });";

/** True once the last part of the SDK is there: Firefox caches no page that is still being loaded. */
const hasLoadedAll = "performance.getEntriesByType('resource').some(({ name }) => name.endsWith('/px-gzip.js'))";

/** Pages that are put away, brought back, or ended without a word, and tabs that come back together. */
export const pageLife: readonly Scenario[] = [
  {
    name: 'back and forth through the back/forward cache',
    events: 40,
    // Two pages, each loaded once and shown again once.
    views: 4,
    play: async (stage) => {
      stage.setPages({ after: tellsOfCache });
      const tab = await openShop(stage, await stage.openProfile(), '/one');
      await untilTrue(tab, hasLoadedAll);
      tab.start("loss.track(0, 10); location.href = '/two'");
      await untilTrue(tab, `location.pathname === '/two' && ${hasLoadedAll}`);
      tab.start('loss.track(10, 10); history.back()');
      await untilTrue(tab, "location.pathname === '/one' && typeof isRestored === 'boolean'");
      if ((await tab.evaluate('isRestored')) !== true)
        throw new Error('The page was loaded anew, not taken from the cache.');
      // Where the cache keeps the second page too, it is taken from there; where it does not, nothing may be lost either.
      tab.start('loss.track(20, 10); history.forward()');
      await untilTrue(tab, "location.pathname === '/two' && typeof isRestored === 'boolean'");
      tab.start('loss.track(30, 10)');
    },
  },
  {
    name: 'renderer killed 100 ms after the calls, and a return',
    events: 10,
    otherwise: { webkit: 'session_ends_with_renderer' },
    play: async (stage) => {
      const browser = await stage.openMortal();
      await trackAndShow(stage, browser);
      await pause(100);
      await browser.killRenderers();
      await stage.noteBeforeReturn();
      stage.setPages({});
      await browser.show(stage.url('/back'));
    },
  },
  {
    name: 'page frozen and discarded, and a return',
    events: 10,
    otherwise: { firefox: 'no_freeze_state', webkit: 'no_freeze_state' },
    play: async (stage) => {
      const browser = await stage.openMortal();
      await trackAndShow(stage, browser);
      // Where no event tells the page, it is no more than killed: what it holds after 100 ms counts.
      if (stage.engine.name !== 'chromium') await pause(100);
      await browser.freeze();
      await browser.killRenderers();
      await stage.noteBeforeReturn();
      stage.setPages({});
      await browser.show(stage.url('/back'));
    },
  },
  {
    // The queue holds 1,000: the rest is for what the page tells by itself.
    name: 'three tabs return to a full queue',
    events: 990,
    isSentOnce: true,
    play: async (stage) => {
      const profile = await stage.openProfile();
      const tab = await openShop(stage, profile);
      stage.setFault({ kind: 'down' });
      tab.start("loss.track(0, 990); location.href = '/blank'");
      await untilLeft(stage);
      await stage.untilQuiet();
      stage.setFault({ kind: 'none' });
      await Promise.all([1, 2, 3].map((number) => openShop(stage, profile, `/back/${number}`)));
    },
  },
  {
    name: 'clock an hour back between the calls, and at the return',
    events: 20,
    play: async (stage) => {
      stage.setPages({ before: settableClock });
      const tab = await openShop(stage, await stage.openProfile());
      stage.setFault({ kind: 'down' });
      const calledAt = Date.now();
      tab.start("loss.track(0, 10); setClockBack(); loss.track(10, 10); location.href = '/blank'");
      await untilLeft(stage);
      stage.judgeRowsBy((rows) => findClockFaults(rows, calledAt));
      await stage.untilQuiet();
      stage.setFault({ kind: 'none' });
      stage.setPages({ before: `${settableClock} setClockBack();` });
      await tab.goto(stage.url('/back'));
    },
  },
];

/** The return follows at once, so that the time of receipt, which the server puts for an impossible one, is near too. */
const nearMs = 60_000;

/** Judges rows in the order of the calls: none is an hour off, and their times, and ids where these are equal, tell that order. */
function findClockFaults(rows: readonly StoredRow[], calledAt: number): string[] {
  const off = rows.filter(({ timestampMs }) => Math.abs(timestampMs - calledAt) > nearMs);
  const byTime = rows.toSorted((a, b) => a.timestampMs - b.timestampMs || (a.eventId < b.eventId ? -1 : 1));
  const isInOrder = byTime.every((row, index) => row === rows[index]);
  return [
    ...(off.length > 0 ? [`${off.length} events are stored over ${nearMs} ms off the time of their call`] : []),
    ...(isInOrder ? [] : [`by time, the events come as ${byTime.map(({ n }) => n).join(' ')}`]),
  ];
}

async function trackAndShow(stage: Stage, browser: { show(url: string): Promise<void> }): Promise<void> {
  stage.setPages({ after: tracksOnLoad });
  await browser.show(stage.url('/'));
  await waitFor('the page to have tracked', () => stage.signals('tracked') > 0, 60_000, 5);
}

/** A clock that can be set back under a page's feet; `performance.now` goes on, as it does when a visitor sets the clock. */
const settableClock = `
  const TrueDate = Date;
  let errorMs = 0;
  window.setClockBack = () => { errorMs = -3_600_000; };
  window.Date = class extends TrueDate {
    constructor(...given) { super(...(given.length > 0 ? given : [TrueDate.now() + errorMs])); }
    static now() { return TrueDate.now() + errorMs; }
  };`;
