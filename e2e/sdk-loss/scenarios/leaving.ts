import type { Tab } from '../engines/engine.ts';
import { waitFor } from '../polling.ts';
import { openShop, type Scenario, type Stage } from '../scenario.ts';

/** A visitor leaves, and comes back. */
export const leaving: readonly Scenario[] = [
  {
    name: 'one event and a navigation in the same task',
    events: 1,
    play: async (stage) => {
      const link = '<a id="leave" href="/blank" onclick="loss.track(0, 1)">Leave</a>';
      stage.setPages({ body: link });
      const tab = await openShop(stage, await stage.openProfile());
      await tab.click('#leave');
      await comeBack(stage, tab);
    },
  },
];

/** Waits for the page that was left for, notes what has arrived by then, and opens the shop again. */
export async function comeBack(stage: Stage, tab: Tab): Promise<void> {
  await untilAt(tab, '/blank');
  await stage.noteBeforeReturn();
  await tab.goto(stage.url('/back'));
}

/** Waits until the tab shows a path, loaded. */
export function untilAt(tab: Tab, path: string): Promise<void> {
  const isThere = `location.pathname === '${path}' && document.readyState === 'complete'`;
  // A page that goes answers with an error.
  return waitFor(`the page ${path}`, () =>
    tab.evaluate(isThere).then(
      (answer) => answer === true,
      () => false,
    ),
  );
}
