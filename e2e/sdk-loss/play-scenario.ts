import type { StandaloneProcess } from '../src/standalone-process.ts';
import type { Engine } from './engines/engine.ts';
import { DriverSilent } from './engines/webdriver-session.ts';
import { becomesTrue } from './polling.ts';
import type { Judge, Scenario, Stage } from './scenario.ts';
import { openFaultProxy, type ProxiedRequest } from './stand/fault-proxy.ts';
import { countedEvent, openLossSite } from './stand/loss-site.ts';
import { openPlayProject, type StoredRow } from './stand/play-project.ts';

/** What became of one play. */
export interface PlayResult {
  readonly sent: number;
  /** Numbers that are stored at least once. */
  readonly stored: number;
  /** The numbers that are not stored. */
  readonly lost: readonly number[];
  /** Rows beyond the first of each number, and page views beyond the pages that were shown. */
  readonly doubled: number;
  /** Stored before the visitor came back; null where the scenario has no return or everything waits for it. */
  readonly beforeReturn: number | null;
  /** Copies of events that the server took beyond the first of each: the server sorts them out, the wire carries them. */
  readonly extraCopies: number;
  readonly preflights: number;
  readonly tookMs: number;
  /** What else is wrong: what broke in the playing, and what the scenario found in the rows. */
  readonly complaints: readonly string[];
}

/** What a play needs of its surroundings. */
export interface Surroundings {
  readonly server: StandaloneProcess;
  readonly engine: Engine;
}

/** What the server has not taken this long after the scenario has been played is lost. */
const takenWithinMs = 90_000;
const quietForMs = 1_000;
const quietWithinMs = 10_000;
/** A collector that is slow on purpose answers within this. */
const idleWithinMs = 10_000;

/**
 * Plays a scenario once, on a site, a proxy, a project and profiles of its own. Gives the judging, which needs no browser
 * any more and counts the stored rows. Where the browser's driver falls silent in the middle, it was not played, and is
 * played again, once: that is said on stderr. Neither rejects.
 */
export async function playScenario(
  scenario: Scenario,
  { server, engine }: Surroundings,
  triesLeft = 1,
): Promise<() => Promise<PlayResult>> {
  const startedAt = performance.now();
  const complaints: string[] = [];
  const project = await openPlayProject(server);
  const proxy = await openFaultProxy(server.url);
  const site = await openLossSite({ apiKey: project.apiKey, projectId: project.projectId, endpoint: proxy.url });
  const opened: { close(): Promise<void> }[] = [];
  const closing = async <T extends { close(): Promise<void> }>(opening: Promise<T>): Promise<T> => {
    const one = await opening;
    opened.push(one);
    return one;
  };
  const requests = (): ProxiedRequest[] =>
    proxy.requests.filter(({ events }) => events.some(({ event }) => event === countedEvent));
  const copies = (name: string): string[] =>
    proxy.requests.flatMap(({ isStored, events }) =>
      isStored ? events.flatMap(({ event, id }) => (event === name ? [id] : [])) : [],
    );
  const taken = (name = countedEvent) => new Set(copies(name)).size;
  const quiet = async (isEnough: () => boolean = () => false): Promise<void> => {
    let seen = -1;
    let since = 0;
    await becomesTrue(() => {
      const tries = proxy.requests.length + proxy.refused();
      if (tries !== seen) [seen, since] = [tries, performance.now()];
      return isEnough() || performance.now() - since > quietForMs;
    }, quietWithinMs);
  };
  let beforeReturn: number | null = null;
  let wasPlayed = true;
  let judge: Judge = () => [];

  const stage: Stage = {
    engine,
    openProfile: () => closing(engine.openProfile()),
    openMortal: () => closing(engine.openMortal()),
    setPages: site.setPages,
    setFault: proxy.set,
    url: (path) => site.url + path,
    signals: site.signals,
    requests,
    untilQuiet: () => quiet(),
    noteBeforeReturn: async () => {
      await quiet(() => taken() >= scenario.events);
      beforeReturn = taken();
    },
    judgeRowsBy: (given) => {
      judge = given;
    },
  };

  try {
    await scenario.play(stage);
    const isAllTaken = () => taken() >= scenario.events && taken('page_view') >= (scenario.views ?? 0);
    const isInTime = await becomesTrue(isAllTaken, takenWithinMs);
    // What an exit beacon brings as the browser is closed here, a visitor would have waited for in vain.
    if (!isInTime) complaints.push(`not all were taken ${takenWithinMs} ms after the last step`);
    // Another copy would come at once.
    if (scenario.isSentOnce) await quiet();
  } catch (error) {
    complaints.push(String(error));
    wasPlayed = !(error instanceof DriverSilent);
  }
  for (const one of opened.reverse()) await one.close().catch(() => undefined);
  if (!wasPlayed && triesLeft > 0) {
    process.stderr.write(`${engine.name}: ${scenario.name} is played again: ${complaints.join('; ')}\n`);
    await Promise.all([site.close(), proxy.close()]);
    return playScenario(scenario, { server, engine }, triesLeft - 1);
  }

  return async () => {
    await becomesTrue(() => proxy.pending() === 0, idleWithinMs);
    const rows = await project.readRows().catch((error: unknown) => {
      complaints.push(String(error));
      return [];
    });
    await site.close();
    await proxy.close();
    const counted = rows.filter(({ event }) => event === countedEvent);
    const views = rows.filter(({ event }) => event === 'page_view').length;
    const found = countRows(counted, scenario.events);
    const extraCopies = copies(countedEvent).length - taken();
    if (scenario.views !== undefined && views !== scenario.views)
      complaints.push(`stored ${views} page views of ${scenario.views}`);
    if (scenario.isSentOnce && extraCopies > 0) complaints.push(`${extraCopies} copies over the wire, of one sender`);
    if (found.lost.length === 0) complaints.push(...judge(counted.toSorted((a, b) => a.n - b.n)));
    return {
      ...found,
      sent: scenario.events,
      doubled: found.doubled + Math.max(0, views - (scenario.views ?? site.loads())),
      beforeReturn,
      extraCopies,
      preflights: proxy.preflights(),
      tookMs: Math.round(performance.now() - startedAt),
      complaints,
    };
  };
}

function countRows(rows: readonly StoredRow[], sent: number): Pick<PlayResult, 'stored' | 'lost' | 'doubled'> {
  const found = new Set(rows.map(({ n }) => n));
  const lost = Array.from({ length: sent }, (_, n) => n).filter((n) => !found.has(n));
  const stored = sent - lost.length;
  return { stored, lost, doubled: rows.length - stored };
}
