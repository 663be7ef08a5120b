import { setTimeout } from 'node:timers/promises';
import { AppError, isAppError } from '@px-platform/runtime';
import type { Engine } from '../engine.ts';
import { isReplicaTrouble } from './error-code.ts';
import type { Replica, ReplicaPace, ReplicaTelemetry } from './replica.ts';
import { type ReplicaIdentity, requireSameStore } from './replica-identity.ts';

/** What failing over needs from outside; `stopwatch` gives ms. */
export interface FailOverOptions {
  readonly replicas: readonly Replica[];
  /** The cluster whose nodes they are; null where they are ways to one server. */
  readonly cluster: string | null;
  /** Which one is used first, from 0. */
  readonly startAt: number;
  readonly stopwatch: () => number;
  readonly pace: ReplicaPace;
  readonly telemetry: ReplicaTelemetry;
}

/** Several replicas as one engine. */
export interface ReplicaSet {
  readonly engine: Engine;
  /** Throws `store_unavailable`, naming those that are away, with the reason of the first as its cause. */
  check(): Promise<void>;
}

/** A replica, and how it stands: `away` holds why it is left, null where it may be used. */
interface Standing {
  readonly replica: Replica;
  away: { readonly error: unknown; readonly until: number } | null;
  pauseMs: number;
  isAsked: boolean;
}

/**
 * Makes one engine of replicas: all goes to one of them, for as long as it does it, so that inserts meet what was inserted there just
 * before. One that is away, hangs or refuses for itself is left, and the statement goes to the next, under the same token: what the first one
 * may have done already is done once. It comes into question again once it has said who it is. Asks all of them at first. Throws
 * `config_invalid` where two stand for different stores, `store_unavailable` where none is there.
 */
export async function failOver(options: FailOverOptions): Promise<ReplicaSet> {
  const { replicas, cluster, startAt, stopwatch, pace, telemetry } = options;
  const ring = replicas.map((_, at) => replicas[(startAt + at) % replicas.length]).filter((one) => one !== undefined);
  const standings = ring.map((replica): Standing => ({ replica, away: null, pauseMs: 0, isAsked: false }));
  let known: { name: string; identity: ReplicaIdentity } | null = null;
  let inUse: Standing | null = null;

  async function identify({ replica }: Standing): Promise<void> {
    const own = { name: replica.name, identity: await replica.identify() };
    known ??= own;
    requireSameStore(known, own, cluster);
  }
  function leave(one: Standing, error: unknown): void {
    const wasThere = one.away === null;
    one.pauseMs = Math.min(one.pauseMs === 0 ? pace.firstPauseMs : one.pauseMs * 2, pace.maxPauseMs);
    one.away = { error, until: stopwatch() + one.pauseMs };
    if (wasThere) telemetry.left(one.replica.name, error);
  }
  /** Whether it said who it is, and may be used. */
  async function admit(one: Standing): Promise<boolean> {
    one.isAsked = true;
    try {
      await identify(one);
      if (one.away !== null) telemetry.returned(one.replica.name);
      one.away = null;
      return true;
    } catch (error) {
      leave(one, error);
      return false;
    } finally {
      one.isAsked = false;
    }
  }
  /** Nobody waits for the answer of one whose pause is over. */
  function askAway(): void {
    for (const one of standings) {
      if (one.away !== null && !one.isAsked && one.away.until <= stopwatch()) void admit(one);
    }
  }
  /** The one in use first, then the others in their order; those that are away last, where all else failed. */
  async function* candidates(): AsyncGenerator<Standing> {
    const from = inUse === null ? 0 : standings.indexOf(inUse);
    const order = [...standings.slice(from), ...standings.slice(0, from)];
    const tried = new Set<Standing>();
    for (const one of order) {
      if (one.away !== null) continue;
      tried.add(one);
      yield one;
    }
    for (const one of order) if (!tried.has(one) && (await admit(one))) yield one;
  }
  async function attempt<T>(call: (engine: Engine) => Promise<T>): Promise<T> {
    askAway();
    for await (const one of candidates()) {
      try {
        const answer = await orHang(one, call(one.replica.engine));
        // Not as soon as it says who it is: one that answers questions and takes no inserts is left for longer each time.
        one.pauseMs = 0;
        if (inUse !== one) {
          telemetry.used(one.replica.name, inUse?.replica.name ?? null);
          inUse = one;
        }
        return answer;
      } catch (error) {
        if (!isReplicaTrouble(error)) throw error;
        leave(one, error);
      }
    }
    throw toNobody(standings);
  }
  /** The answer; or what its server says, when asked, where that takes long. What was sent is done by it or not. */
  async function orHang<T>(one: Standing, answer: Promise<T>): Promise<T> {
    const settled = new AbortController();
    const hung = async (): Promise<never> => {
      for (;;) {
        await setTimeout(pace.probeAfterMs, undefined, { signal: settled.signal, ref: false });
        await identify(one);
      }
    };
    try {
      return await Promise.race([answer, hung()]);
    } finally {
      settled.abort();
    }
  }

  const close = async (): Promise<void> => {
    for (const { replica } of standings) await replica.close();
  };
  await Promise.all(standings.map(admit));
  const refusal = findRefusal(standings);
  if (refusal !== null) {
    await close();
    throw refusal;
  }
  return {
    engine: {
      run: (statement) => attempt((engine) => engine.run(statement)),
      ask: (statement) => attempt((engine) => engine.ask(statement)),
      askEach: (statement, toItem) => attempt((engine) => engine.askEach(statement, toItem)),
      insert: (sql, data) => attempt((engine) => engine.insert(sql, data)),
      insertBinary: (statement, rows) => attempt((engine) => engine.insertBinary(statement, rows)),
      close,
    },
    async check() {
      askAway();
      if (standings.some((one) => one.away !== null)) throw toNobody(standings);
    },
  };
}

/** Why none of them is used: two stand for different stores, or nobody is there. */
function findRefusal(standings: readonly Standing[]): AppError | null {
  for (const { away } of standings) if (isAppError(away?.error, 'config_invalid')) return away.error;
  return standings.every(({ away }) => away !== null) ? toNobody(standings) : null;
}

function toNobody(standings: readonly Standing[]): AppError {
  const away = standings.filter((one) => one.away !== null);
  const names = away.map((one) => one.replica.name).join(', ');
  return new AppError(
    'store_unavailable',
    `Of the ${standings.length} servers of CLICKHOUSE_URL, ${away.length} are away or refuse (${names}); see their logs and the cause`,
    { cause: away[0]?.away?.error },
  );
}
