import type { Tab } from '../engines/engine.ts';
import { waitFor } from '../polling.ts';
import { openShop, type Scenario, type Stage } from '../scenario.ts';

/** A visitor leaves, and comes back. */
export const leaving: readonly Scenario[] = [
  {
    name: 'one event and a navigation in the same task',
    events: 1,
    play: async (stage) => {
      stage.setPages({ body: '<a id="leave" href="/blank" onclick="loss.track(0, 1)">Leave</a>' });
      const tab = await openShop(stage, await stage.openProfile());
      await tab.click('#leave');
      await comeBack(stage, tab);
    },
  },
  {
    name: '20 events and a navigation in the same task',
    events: 20,
    play: (stage) => trackAndGo(stage, "loss.track(0, 20); location.href = '/blank'"),
  },
  {
    name: '20 events, a navigation 50 ms later',
    events: 20,
    play: (stage) => trackAndGo(stage, "loss.track(0, 20); setTimeout(() => { location.href = '/blank' }, 50)"),
  },
  {
    name: '20 events and the tab closed',
    events: 20,
    play: async (stage) => {
      const profile = await stage.openProfile();
      const tab = await openShop(stage, profile);
      tab.start("loss.track(0, 20); fetch('/signal/tracked')");
      await waitFor('the page to have tracked', () => stage.signals('tracked') > 0);
      await tab.close();
      await stage.noteBeforeReturn();
      await openShop(stage, profile, '/back');
    },
  },
  {
    name: '90 events of 1.5 KB, random, and a navigation',
    events: 90,
    play: (stage) => trackAndGo(stage, "loss.track(0, 90, () => loss.random(1500)); location.href = '/blank'"),
  },
  {
    name: '200 events of 1 KB and a navigation',
    events: 200,
    play: (stage) => trackAndGo(stage, "loss.track(0, 200, () => 'x'.repeat(1000)); location.href = '/blank'"),
  },
  {
    name: 'slow collector (3 s an answer), 20 events and a navigation',
    events: 20,
    play: (stage) => {
      stage.setFault({ kind: 'slow', delayMs: 3_000 });
      return trackAndGo(stage, "loss.track(0, 20); location.href = '/blank'");
    },
  },
];

/** Runs statements that lead to `/blank`, notes what has arrived by then, and comes back to the shop. */
export async function trackAndGo(stage: Stage, statements: string): Promise<void> {
  const tab = await openShop(stage, await stage.openProfile());
  tab.start(statements);
  await comeBack(stage, tab);
}

/** Waits until the tab is at `/blank`, notes what has arrived by then, and opens the shop again. */
async function comeBack(stage: Stage, tab: Tab): Promise<void> {
  await untilLeft(stage);
  await stage.noteBeforeReturn();
  await tab.goto(stage.url('/back'));
}

/** Waits until `/blank` has loaded. */
export function untilLeft(stage: Stage): Promise<void> {
  return waitFor('the page after', () => stage.signals('blank') > 0, 60_000);
}

/** Waits until an expression is true in the tab; a page that goes meanwhile counts as not yet. */
export function untilTrue(tab: Tab, expression: string): Promise<void> {
  const isTrue = () =>
    tab.evaluate(expression).then(
      (answer) => answer === true,
      () => false,
    );
  return waitFor(`\`${expression}\` in the page`, isTrue, 60_000, 100);
}
