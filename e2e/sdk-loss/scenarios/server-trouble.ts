import type { Profile, Tab } from '../engines/engine.ts';
import { pause, waitFor } from '../polling.ts';
import { openShop, type Scenario, type Stage } from '../scenario.ts';
import { untilLeft, untilTrue } from './leaving.ts';

const track20 = 'loss.track(0, 20)';

/** The collector, or the way to it, is in trouble. */
export const serverTrouble: readonly Scenario[] = [
  {
    name: 'the collector answers 500 for 8 s',
    events: 20,
    play: async (stage) => {
      const tab = await openIdleShop(stage);
      stage.setFault({ kind: 'failing' });
      tab.start(track20);
      await waitFor('a first attempt', () => stage.requests().length > 0);
      await pause(8_000);
      stage.setFault({ kind: 'none' });
    },
  },
  {
    name: 'offline for 5 s, and back',
    events: 20,
    otherwise: { webkit: 'no_offline_switch' },
    play: async (stage) => {
      const profile = await stage.openProfile();
      stage.setPages({ before: fakeOnline });
      const tab = await openShop(stage, profile);
      await setOffline({ stage, profile, tab }, true);
      tab.start(track20);
      await pause(5_000);
      await setOffline({ stage, profile, tab }, false);
    },
  },
  {
    name: 'collector down, leave, collector up, return',
    events: 20,
    play: async (stage) => {
      const tab = await openShop(stage, await stage.openProfile());
      stage.setFault({ kind: 'down' });
      tab.start(`${track20}; location.href = '/blank'`);
      await untilLeft(stage);
      await stage.untilQuiet();
      stage.setFault({ kind: 'none' });
      await tab.goto(stage.url('/back'));
    },
  },
  {
    name: 'the answer is lost after the server has stored',
    events: 20,
    play: async (stage) => {
      const tab = await openIdleShop(stage);
      stage.setFault({ kind: 'answer_lost' });
      tab.start(track20);
      await waitFor('a lost answer', () => stage.requests().some(({ isStored }) => isStored));
      stage.setFault({ kind: 'none' });
      await waitFor('an attempt that is answered', () => stage.requests().some(({ answer }) => answer === 202), 60_000);
    },
  },
  {
    name: '429 with Retry-After',
    events: 40,
    play: async (stage) => {
      const tab = await openIdleShop(stage);
      stage.setFault({ kind: 'too_many', retryAfterSeconds: 3 });
      tab.start(track20);
      await waitFor('a refusal', () => stage.requests().length > 0);
      const refusedAt = stage.requests()[0]?.at ?? 0;
      stage.setFault({ kind: 'none' });
      // As many as fill a batch: they too must wait.
      tab.start('loss.track(20, 20)');
      await waitFor('another attempt', () => stage.requests().length > 1, 60_000);
      const waitedMs = Math.round((stage.requests()[1]?.at ?? 0) - refusedAt);
      if (waitedMs < 2_900 || waitedMs > latestRetryMs)
        throw new Error(`It was asked to wait 3 s and came back after ${waitedMs} ms.`);
    },
  },
  {
    name: '413 for more than 5 events',
    events: 20,
    play: async (stage) => {
      const tab = await openIdleShop(stage);
      stage.setFault({ kind: 'too_large', maxEvents: 5 });
      tab.start(track20);
    },
  },
];

/** What was asked for, the most that jitter may add to a first wait, and room for a busy machine. */
const latestRetryMs = 8_000;

/** Opens the shop and has it send what its load gave rise to, so that the trouble meets the run's own events. */
async function openIdleShop(stage: Stage): Promise<Tab> {
  const tab = await openShop(stage, await stage.openProfile());
  tab.start('PX.flush().then(() => { window.isIdle = true; })');
  await untilTrue(tab, 'window.isIdle === true');
  return tab;
}

/** Lets a test say whether the page thinks it is online, where the browser cannot be told. */
const fakeOnline = `
  window.setFakeOffline = (isOffline) => {
    Object.defineProperty(navigator, 'onLine', { value: !isOffline, configurable: true });
    dispatchEvent(new Event(isOffline ? 'offline' : 'online'));
  };`;

async function setOffline(at: { stage: Stage; profile: Profile; tab: Tab }, isOffline: boolean): Promise<void> {
  const { stage, profile, tab } = at;
  if (profile.setOffline !== null) return profile.setOffline(isOffline);
  stage.setFault({ kind: isOffline ? 'down' : 'none' });
  await tab.evaluate(`window.setFakeOffline(${isOffline})`);
}
