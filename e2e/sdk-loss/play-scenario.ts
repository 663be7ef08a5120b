import { randomUUID } from 'node:crypto';
import type { StandaloneProcess } from '../src/standalone-process.ts';
import type { Engine } from './engines/engine.ts';
import { openFaultProxy, type ProxiedRequest } from './fault-proxy.ts';
import { openLossSite } from './loss-site.ts';
import { becomesTrue } from './polling.ts';
import type { Scenario, Stage } from './scenario.ts';
import type { StoredRow, StoredRows } from './stored-rows.ts';

/** What became of one run. */
export interface RunResult {
  readonly sent: number;
  /** Numbers that are stored at least once. */
  readonly stored: number;
  /** The numbers that are not stored. */
  readonly lost: readonly number[];
  /** Rows beyond the first of each number. */
  readonly doubled: number;
  /** Stored before the visitor came back; null where the scenario has no return or everything waits for it. */
  readonly beforeReturn: number | null;
  /** Copies of events that the server took beyond the first of each: the server sorts them out, the wire carries them. */
  readonly extraCopies: number;
  readonly preflights: number;
  readonly tookMs: number;
  /** What broke in the playing itself, or null. */
  readonly broken: string | null;
}

/** What a run needs of its surroundings. */
export interface Surroundings {
  readonly server: StandaloneProcess;
  readonly rows: StoredRows;
  readonly engine: Engine;
}

/** What is not stored this long after the scenario has been played is lost. */
const storedWithinMs = 90_000;
const quietForMs = 1_000;
const quietWithinMs = 10_000;

/** Plays a scenario once, on a site, a proxy and profiles of its own, and counts the stored rows. Never rejects. */
export async function playScenario(scenario: Scenario, { server, rows, engine }: Surroundings): Promise<RunResult> {
  const startedAt = performance.now();
  const event = `loss_${randomUUID()}`;
  const proxy = await openFaultProxy(server.url);
  const site = await openLossSite({
    apiKey: server.apiKey,
    projectId: server.projectId,
    endpoint: proxy.url,
    event,
  });
  const opened: { close(): Promise<void> }[] = [];
  const closing = async <T extends { close(): Promise<void> }>(opening: Promise<T>): Promise<T> => {
    const one = await opening;
    opened.push(one);
    return one;
  };
  const requests = (): ProxiedRequest[] =>
    proxy.requests.filter(({ events }) => events.some((one) => one.event === event));
  const copies = (): string[] =>
    requests().flatMap(({ isStored, events }) =>
      isStored ? events.flatMap((one) => (one.event === event ? [one.id] : [])) : [],
    );
  const taken = () => new Set(copies()).size;
  let beforeReturn: number | null = null;

  const stage: Stage = {
    engine,
    openProfile: () => closing(engine.openProfile()),
    openMortal: () => closing(engine.openMortal()),
    setPages: site.setPages,
    setFault: proxy.set,
    url: (path) => site.url + path,
    signals: site.signals,
    requests,
    taken,
    noteBeforeReturn: async () => {
      let seen = -1;
      let quietSince = 0;
      await becomesTrue(() => {
        if (requests().length !== seen) [seen, quietSince] = [requests().length, performance.now()];
        return taken() >= scenario.events || performance.now() - quietSince > quietForMs;
      }, quietWithinMs);
      beforeReturn = taken();
    },
  };

  let broken: string | null = null;
  try {
    await scenario.play(stage);
    await becomesTrue(() => taken() >= scenario.events, storedWithinMs);
  } catch (error) {
    broken = String(error);
  }
  for (const one of opened.reverse()) await one.close().catch(() => undefined);
  const found = await rows.read(event);
  await site.close();
  await proxy.close();
  return {
    ...countRows(found, scenario.events),
    sent: scenario.events,
    beforeReturn,
    extraCopies: copies().length - taken(),
    preflights: proxy.preflights(),
    tookMs: Math.round(performance.now() - startedAt),
    broken,
  };
}

function countRows(rows: readonly StoredRow[], sent: number): Pick<RunResult, 'stored' | 'lost' | 'doubled'> {
  const found = new Set(rows.map(({ n }) => n));
  const lost = Array.from({ length: sent }, (_, n) => n).filter((n) => !found.has(n));
  const stored = sent - lost.length;
  return { stored, lost, doubled: rows.length - stored };
}
