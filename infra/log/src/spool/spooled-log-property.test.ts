import { AppError } from '@px-platform/runtime';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createMemorySpool, createSpoolDisks } from '../../test/memory-spool.ts';
import { createSpoolObserver } from '../../test/spool-observer.ts';
import type { AppendRecord, EventLog } from '../event-log.ts';
import { createSpooledLog, type SpooledLog } from './create-spooled-log.ts';
import type { Spool, SpoolQueue } from './open-spool.ts';
import { spoolLimits } from './spool-limits.ts';

/** What the log does with one append: whether it takes the records, and what its caller hears. `late`: it takes them after its caller has given up. */
type Fate =
  | 'takes'
  | 'refuses'
  | 'takes and answers that it is away'
  | 'takes and never answers'
  | 'never answers'
  | 'late';
const fates: readonly Fate[] = [
  'takes',
  'refuses',
  'takes and answers that it is away',
  'takes and never answers',
  'never answers',
  'late',
];

/** One thing that happens. A script of them plays out in an order that fast-check draws. */
type Step =
  | { readonly kind: 'append'; readonly key: number }
  | { readonly kind: 'outage'; readonly fates: readonly Fate[] }
  | { readonly kind: 'kill' };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('append' as const), key: fc.integer({ min: 0, max: 2 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('outage' as const),
      fates: fc.array(fc.constantFrom(...fates), { minLength: 1, maxLength: 6 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('kill' as const) }) },
);

/** One append as its caller sees it; instants count what happened before. */
interface Sent {
  readonly text: string;
  readonly key: string;
  readonly calledAt: number;
  answeredAt: number | null;
}

/** The log, the disks and what callers saw: what outlives a kill. */
function createWorld(scheduler: fc.Scheduler) {
  const log: AppendRecord[] = [];
  const disks = createSpoolDisks();
  const sent: Sent[] = [];
  let instant = 0;
  let outage: Fate[] = [];
  let life = { isOver: false };
  let spooled = open();

  /** Passes a call on in a life that goes on, and lets its answer wait for its turn. After a kill nothing happens, and nobody hears. */
  function port<Args extends readonly unknown[], T>(name: string, call: (...args: Args) => Promise<T>) {
    const own = life;
    return (...args: Args): Promise<T> => {
      if (own.isOver) return new Promise(() => undefined);
      return new Promise((resolve, reject) => {
        const settle = (run: () => void) => scheduler.schedule(Promise.resolve(), name).then(() => own.isOver || run());
        call(...args).then(
          (value) => settle(() => resolve(value)),
          (error) => settle(() => reject(error)),
        );
      });
    };
  }

  /** Calls are taken in their order; only what comes late breaks it. */
  async function appendToLog(records: readonly AppendRecord[]): Promise<never[]> {
    const fate = outage.shift() ?? 'takes';
    if (fate === 'late') void scheduler.schedule(Promise.resolve(), 'lands late').then(() => log.push(...records));
    else if (fate.startsWith('takes')) log.push(...records);
    if (fate === 'takes') return [];
    if (fate.endsWith('never answers') || fate === 'late') return new Promise(() => undefined);
    throw new AppError('log_unavailable', fate);
  }

  function open(): SpooledLog {
    const eventLog: EventLog = {
      append: port('log', appendToLog),
      status: () => Promise.reject(new Error('is not asked')),
      close: async () => undefined,
    };
    const memory = createMemorySpool(disks);
    const watched = (queue: SpoolQueue, name: string): SpoolQueue => ({
      ...queue,
      append: port(`${name} append`, queue.append),
      read: port(`${name} read`, queue.read),
      commit: port(`${name} commit`, queue.commit),
    });
    const spool: Spool = { ...memory, queue: watched(memory.queue, 'queue'), aside: watched(memory.aside, 'aside') };
    const own = life;
    return createSpooledLog({
      log: eventLog,
      backend: 'memory',
      spool,
      telemetry: createSpoolObserver(),
      random: () => 0.5,
      stopwatch: () => 0,
      limits: { ...spoolLimits, maxBatchRecords: 3 },
      later(_ms, run) {
        let isOff = false;
        void scheduler.schedule(Promise.resolve(), 'timer').then(() => isOff || own.isOver || run());
        return () => {
          isOff = true;
        };
      },
    });
  }

  return {
    log,
    sent,
    append(key: number): void {
      const own: Sent = { text: `${sent.length}`, key: `person ${key}`, calledAt: instant++, answeredAt: null };
      sent.push(own);
      const answered = () => {
        own.answeredAt = instant++;
      };
      spooled.append([{ key: own.key, payload: Buffer.from(own.text) }]).then(answered, () => undefined);
    },
    lose(next: readonly Fate[]): void {
      outage = [...next];
    },
    /** Ends the process where it stands, and starts the next one on what is durable. */
    kill(): void {
      life.isOver = true;
      life = { isOver: false };
      spooled = open();
    },
    async isDrained(): Promise<boolean> {
      const waiting = disks.queue.partitions.get(0);
      const isDirect = await spooled.checks.broker().then(
        () => true,
        () => false,
      );
      return isDirect && waiting?.committed === waiting?.next;
    },
  };
}

it('loses nothing that was answered and keeps the order of each person, whatever fails, comes late or is killed', async () => {
  const play = fc.asyncProperty(
    fc.scheduler(),
    fc.array(step, { minLength: 5, maxLength: 40, size: 'max' }),
    async (scheduler, steps) => {
      const world = createWorld(scheduler);
      const script = steps.map((own, at) => ({
        label: `${at} ${own.kind}`,
        builder: async () => {
          if (own.kind === 'append') world.append(own.key);
          else if (own.kind === 'outage') world.lose(own.fates);
          else world.kill();
        },
      }));
      const { task } = scheduler.scheduleSequence(script);
      for (let turns = 0; turns < 20_000; turns += 1) {
        await new Promise(setImmediate);
        if (scheduler.count() === 0) break;
        await scheduler.waitOne();
      }
      await task;
      world.lose([]);
      expect(await world.isDrained()).toBe(true);

      const first = new Map<string, number>();
      for (const [at, { key, payload }] of world.log.entries()) {
        const name = `${key} ${Buffer.from(payload).toString()}`;
        if (!first.has(name)) first.set(name, at);
      }
      const placeOf = ({ key, text }: Sent) => first.get(`${key} ${text}`) ?? -1;
      for (const own of world.sent) {
        if (own.answeredAt === null) continue;
        expect(placeOf(own)).toBeGreaterThanOrEqual(0);
        for (const later of world.sent) {
          const isBehind = later.key === own.key && own.answeredAt < later.calledAt;
          if (isBehind && placeOf(later) >= 0) expect(placeOf(own)).toBeLessThan(placeOf(later));
        }
      }
    },
  );
  await fc.assert(play, { numRuns: 1_000 });
});
