import type { Engine, EngineName, MortalBrowser, Profile, Tab } from './engines/engine.ts';
import type { Fault, ProxiedRequest } from './stand/fault-proxy.ts';
import type { PageParts } from './stand/loss-site.ts';
import type { StoredRow } from './stand/play-project.ts';

/** Why an engine plays a scenario in another way, or not at all. A closed list: what is not in it is a failure. */
export const reasons = {
  no_offline_switch: {
    why: 'WebKitWebDriver cannot take the network away',
    kept: "every line to the collector is cut, and the page is told by `navigator.onLine` and the browser's two events",
  },
  no_freeze_state: {
    why: 'The engine has no frozen state that a driver can ask for, and fires no freeze event',
    kept: 'the page’s process is stopped (SIGSTOP) 100 ms after the calls and then killed, with no event at all',
  },
  session_ends_with_renderer: {
    why: 'WebKitWebDriver ends its session, and with it the profile, when a renderer dies',
    kept: 'a MiniBrowser without a driver and with a profile on disk, which is started again for the return',
  },
} as const;
export type Reason = keyof typeof reasons;

/** Says what is wrong with the counted events' rows, in the order of their numbers; asked where none is lost. */
export type Judge = (rows: readonly StoredRow[]) => string[];

/** One play of a scenario in one engine: the parts it may use. All are closed when the play ends. */
export interface Stage {
  readonly engine: Engine;
  openProfile(): Promise<Profile>;
  openMortal(): Promise<MortalBrowser>;
  setPages(parts: PageParts): void;
  setFault(fault: Fault): void;
  url(path: string): string;
  /** How often a page has asked for `/signal/<name>`. */
  signals(name: string): number;
  /** The requests that carried counted events, in order. */
  requests(): readonly ProxiedRequest[];
  /** Waits until nobody has tried to reach the collector for a while: what a page that left still had to say is said. */
  untilQuiet(): Promise<void>;
  /** Waits until all sent are taken or nothing has come for a while, and notes what a page that never returns has lost. */
  noteBeforeReturn(): Promise<void>;
  /** Has the stored rows judged by more than their number. */
  judgeRowsBy(judge: Judge): void;
}

/** A row of the loss table. After `play`, all of `events` must be stored within the bound, each once. */
export interface Scenario {
  /** As the table names it. */
  readonly name: string;
  readonly events: number;
  /** How many page views must be stored, where their number is a point of the scenario. */
  readonly views?: number;
  /** Says that no event may go over the wire twice. */
  readonly isSentOnce?: boolean;
  readonly play: (stage: Stage) => Promise<void>;
  /** Where an engine makes the scenario impossible as it is. */
  readonly otherwise?: Readonly<Partial<Record<EngineName, Reason>>>;
}

/** Opens a tab on a path of the site, with the SDK running. */
export async function openShop(stage: Stage, profile: Profile, path = '/'): Promise<Tab> {
  const tab = await profile.openTab();
  await tab.goto(stage.url(path));
  return tab;
}
