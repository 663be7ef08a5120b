import { createMemoryDisk, createMemoryLog, type LogReader } from '@px-platform/log';
import { AppError, type AppErrorCode, createLogger } from '@px-platform/runtime';
import { type AcceptedEvent, encodeLogRecord } from '@px-platform/schemas';
import {
  createMemoryAuditStore,
  createMemoryPurgeStore,
  createMemorySaltStore,
  createMemoryStore,
  type EventStore,
} from '@px-platform/store';
import type { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { makePipelineEvent } from '../test/pipeline-event.ts';
import { processorConfigSchema } from './config.ts';
import { createProcessorMetrics } from './metrics.ts';
import { type Processor, startProcessor } from './processor.ts';

const noon = Date.UTC(2026, 10, 22, 12);
const minute = 60 * 1000;
const hour = 60 * minute;
const day = 24 * hour;
const geo = { find: () => null, revision: () => 0, describe: () => ({ files: [], attribution: '' }) };

const resent = `${(noon - 500)
  .toString(16)
  .padStart(12, '0')
  .replace(/^(.{8})/, '$1-')}-7ccc-8ddd-00000000beef`;

/** An id made before any window of these tests. */
function toOldId(number: number): string {
  return `00000000-0000-7ccc-8ddd-${String(number).padStart(12, '0')}`;
}

/** A log and a store that outlive the processors of one test. */
function open() {
  const time = { now: noon };
  const disk = createMemoryDisk();
  const log = createMemoryLog({ partitions: 2, maxBytes: 1e9, clock: () => time.now, disk });
  const auditLog = createMemoryLog({ partitions: 1, maxBytes: 1e6, clock: () => time.now });
  const store = createMemoryStore();
  let made = 0;

  async function append(person: string, count: number, own: Partial<AcceptedEvent> = {}): Promise<void> {
    const events = Array.from({ length: count }, () => {
      made += 1;
      const event_id = `${(noon - 1_000)
        .toString(16)
        .padStart(12, '0')
        .replace(/^(.{8})/, '$1-')}-7ccc-8ddd-${String(made).padStart(12, '0')}`;
      return { event: 'page_view', event_id, anonymous_id: person, ...own };
    });
    const { record } = makePipelineEvent({ record: { person_key: person, received_at: time.now, events } });
    await log.append([{ key: person, payload: encodeLogRecord(record) }]);
  }

  function start(
    through: EventStore = store,
    batchSize = 10,
    reader: LogReader = log,
  ): { processor: Processor; registry: Registry } {
    const metrics = createProcessorMetrics();
    const processor = startProcessor({
      config: processorConfigSchema.parse({ BATCH_SIZE: batchSize, FLUSH_INTERVAL_MS: 0 }),
      log: reader,
      store: through,
      audit: { log: auditLog, store: createMemoryAuditStore() },
      salts: createMemorySaltStore(),
      purges: createMemoryPurgeStore(),
      geo,
      metrics,
      tracer: null,
      clock: () => time.now,
      logger: createLogger({ level: 'silent', name: 'test' }),
    });
    return { processor, registry: metrics.registry };
  }
  async function run(...how: Parameters<typeof start>): Promise<Registry> {
    const { processor, registry } = start(...how);
    await processor.stop(10_000);
    return registry;
  }
  return { time, log, store, append, start, run };
}

/** Throws at the first call, then lets calls through. */
function createOnce(code: AppErrorCode): (call: () => Promise<void>) => Promise<void> {
  let isFirst = true;
  return async (call) => {
    if (!isFirst) return call();
    isFirst = false;
    throw new AppError(code, 'not now');
  };
}

async function read(registry: Registry, name: string): Promise<number> {
  const metric = await registry.getSingleMetric(name)?.get();
  return (metric?.values ?? []).reduce((sum, { value }) => sum + value, 0);
}

describe('processor', () => {
  it('stores what the log holds, each event once and in order, and commits it', async () => {
    const { log, store, append, run } = open();
    for (let at = 0; at < 30; at += 1) await append(`person-${at % 7}`, 3);
    const registry = await run();
    expect(store.rows).toHaveLength(90);
    expect(new Set(store.rows.map((row) => row.event_id)).size).toBe(90);
    expect(new Set(store.rows.map((row) => row.session_id)).size).toBe(7);
    expect((await log.status()).depth).toBe(0);
    expect(await read(registry, 'px_processor_rows_total')).toBe(90);
  });

  it('drops a resend in the same batch, in a later one and after a restart', async () => {
    const { store, append, run } = open();
    await append('anna', 2, { event_id: resent });
    await run();
    await append('anna', 1, { event_id: resent });
    const registry = await run();
    expect(store.rows).toHaveLength(1);
    expect(await read(registry, 'px_processor_drops_total')).toBe(1);
    expect(await read(registry, 'px_processor_looked_up_ids_total')).toBe(0);
  });

  it('drops a resend after a restart where the first copy was taken by a server whose clock is an hour ahead', async () => {
    const { time, store, append, run } = open();
    time.now += hour;
    await append('anna', 1, { event_id: resent });
    time.now -= hour;
    await run();
    await append('anna', 1, { event_id: resent });
    await run();
    expect(store.rows).toHaveLength(1);
  });

  it('drops a resend of 50 minutes later where the first copy was taken by a server whose clock is 25 minutes behind', async () => {
    const { time, store, append, start, log } = open();
    const { processor } = start();
    const untilStored = () => expect.poll(async () => (await log.status()).depth).toBe(0);
    time.now -= 25 * minute;
    await append('anna', 1, { event_id: resent });
    await untilStored();
    time.now += 25 * minute;
    await append('bert', 1);
    await untilStored();
    time.now += 50 * minute;
    await append('bert', 1);
    await untilStored();
    await append('anna', 1, { event_id: resent });
    await untilStored();
    await processor.stop(10_000);
    expect(store.rows.filter(({ event_id }) => event_id === resent)).toHaveLength(1);
  });

  it('drops a resend a day later, which the window no longer holds, by asking the store', async () => {
    const { time, store, append, run } = open();
    await append('anna', 1, { event_id: resent });
    await run();
    time.now += day;
    await append('anna', 3, { event_id: resent });
    const registry = await run();
    expect(store.rows).toHaveLength(1);
    expect(await read(registry, 'px_processor_drops_total')).toBe(3);
    expect(await read(registry, 'px_processor_looked_up_ids_total')).toBe(3);
  });

  it('drops resends of a day later in two partitions at once, in batches of several slices', async () => {
    const { time, store, append, run } = open();
    const persons = Array.from({ length: 8 }, (_, at) => `person-${at}`);
    const send = async (): Promise<void> => {
      for (const [at, person] of persons.entries()) {
        for (let index = 0; index < 120; index += 1) await append(person, 1, { event_id: toOldId(at * 1_000 + index) });
      }
    };
    await send();
    await run(store, 1_000);
    time.now += day;
    await send();
    await run(store, 1_000);
    expect(store.rows).toHaveLength(960);
  });

  it('makes the same rows again after a crash between insert and commit, and inserts the missing ones alone', async () => {
    const { store, append, run } = open();
    for (let at = 0; at < 10; at += 1) await append('anna', 2);
    // The store keeps every third row of each batch, then the process is gone.
    const crashing: EventStore = {
      ...store,
      insert: async (batch) => {
        await store.insert({ ...batch, rows: batch.rows.filter((_, at) => at % 3 === 0) });
        throw new Error('gone');
      },
    };
    await expect(run(crashing)).rejects.toThrow('gone');
    const before = store.rows.length;
    expect(before).toBeGreaterThan(0);
    await run();
    expect(store.rows).toHaveLength(20);
    expect(new Set(store.rows.map((row) => `${row._offset}:${row._index}`)).size).toBe(20);

    const whole = open();
    for (let at = 0; at < 10; at += 1) await whole.append('anna', 2);
    await whole.run();
    const places = (rows: typeof store.rows) => rows.map((row) => [row.event_id, row.session_id]).sort();
    expect(places(store.rows)).toEqual(places(whole.store.rows));
  });

  it('ends with a failure at once, though nothing more comes', async () => {
    const { log, store, append, start } = open();
    await append('anna', 1);
    const failing: EventStore = { ...store, insert: () => Promise.reject(new TypeError('a fault of ours')) };
    const { processor } = start(failing);
    await expect(processor.ended).rejects.toThrow('a fault of ours');
    await expect(processor.check()).rejects.toThrow('the processor is failed');
    expect((await log.status()).depth).toBe(1);
  });

  it('tries a store that is away again, and loses nothing', async () => {
    const { store, append, run } = open();
    await append('anna', 5);
    let failures = 2;
    const away: EventStore = {
      ...store,
      insert: async (batch) => {
        failures -= 1;
        if (failures >= 0) throw new AppError('store_unavailable', 'away');
        return store.insert(batch);
      },
    };
    const registry = await run(away);
    expect(store.rows).toHaveLength(5);
    expect(await read(registry, 'px_processor_insert_retries_total')).toBe(2);
  });

  it('waits for a store that goes away while the state is warmed from it', async () => {
    const { store, append, run } = open();
    await append('anna', 5);
    const [once, sessionsOnce] = [createOnce('store_unavailable'), createOnce('store_unavailable')];
    const away: EventStore = {
      ...store,
      heldOf: (uncommitted) => once(async () => undefined).then(() => store.heldOf(uncommitted)),
      recentSessions: (since, except, max) =>
        sessionsOnce(async () => undefined).then(() => store.recentSessions(since, except, max)),
    };
    const registry = await run(away);
    expect(store.rows).toHaveLength(5);
    expect(await read(registry, 'px_processor_insert_retries_total')).toBe(2);
  });

  it('tries again where the engine is short of memory or the disk refuses the commit', async () => {
    const { log, store, append, run } = open();
    await append('anna', 5);
    const [once, commitOnce] = [createOnce('query_over_budget'), createOnce('log_unavailable')];
    const short: EventStore = { ...store, insert: async (batch) => once(() => store.insert(batch)) };
    const full: LogReader = {
      ...log,
      commit: async (partition, next) => commitOnce(() => log.commit(partition, next)),
    };
    const registry = await run(short, 10, full);
    expect(store.rows).toHaveLength(5);
    expect((await log.status()).depth).toBe(0);
    expect(await read(registry, 'px_processor_insert_retries_total')).toBe(2);
  });

  it('takes a log that an older backup put back below much that is stored', async () => {
    const { store, append, run } = open();
    await append('anna', 2);
    const held = new Set(Array.from({ length: 200_000 }, (_, at) => `${at}:0:p2:${resent}`));
    await run({ ...store, heldOf: async () => held });
    expect(store.rows).toHaveLength(2);
  });

  it('sets aside the one row that the store refuses and stores the others', async () => {
    const { store, append, run } = open();
    await append('anna', 4);
    await append('anna', 1, { event: 'poison' });
    await append('anna', 4);
    const refusing: EventStore = {
      ...store,
      insert: async (batch) => {
        if (batch.rows.some((row) => row.event === 'poison')) throw new AppError('store_refused_rows', 'no');
        return store.insert(batch);
      },
    };
    await run(refusing);
    expect(store.rows).toHaveLength(8);
    expect(store.letters).toMatchObject([{ reason: 'row_refused', stage: 'store', project_id: 'p1' }]);
    const kept = JSON.parse(Buffer.from(store.letters[0]?.payload ?? '', 'base64').toString());
    expect(kept.events).toMatchObject([{ event: 'poison' }]);
  });

  it('takes an event that was refused when it comes again at once, and a copy of it after that no more', async () => {
    const { log, store, append, start } = open();
    const letters: string[] = [];
    let isBroken = true;
    const through: EventStore = {
      ...store,
      insert: async (batch) => {
        if (isBroken && batch.rows.length > 0) throw new AppError('store_refused_rows', 'no');
        return store.insert(batch);
      },
      addDeadLetters: async (more) => void letters.push(...more.map((letter) => letter.payload)),
    };
    const { processor } = start(through);
    await append('anna', 1, { event_id: resent });
    await expect.poll(() => letters).toHaveLength(1);
    await expect.poll(async () => (await log.status()).depth).toBe(0);
    isBroken = false;
    for (const payload of [...letters, ...letters]) {
      await log.append([{ key: 'anna', payload: Buffer.from(payload, 'base64') }]);
    }
    await processor.stop(10_000);
    expect(store.rows.map((row) => row.event_id)).toEqual([resent]);
  });

  it('sets aside a record that is none and goes on', async () => {
    const { log, store, append, run } = open();
    await log.append([{ key: 'anna', payload: Buffer.from('garbage') }]);
    await append('anna', 2);
    await run();
    expect(store.rows).toHaveLength(2);
    expect(store.letters).toMatchObject([
      { reason: 'undecodable_record', payload: Buffer.from('garbage').toString('base64') },
    ]);
    expect((await log.status()).depth).toBe(0);
  });

  it('bounds a batch by what its rows will hold, where all events of a record share a large context', async () => {
    const { log, store, run } = open();
    const page = {
      url: 'u'.repeat(8_192),
      path: 'p'.repeat(8_192),
      title: 't'.repeat(8_192),
      search: 's'.repeat(8_192),
    };
    for (let at = 0; at < 20; at += 1) {
      const events = Array.from({ length: 50 }, (_, index) => ({ event: 'x', event_id: toOldId(at * 50 + index) }));
      const { record } = makePipelineEvent({ record: { events, context: { page } } });
      await log.append([{ key: 'anna', payload: encodeLogRecord(record) }]);
    }
    const sizes: number[] = [];
    const measuring: EventStore = {
      ...store,
      insert: async (batch) => {
        sizes.push(JSON.stringify(batch.rows).length);
        return store.insert(batch);
      },
    };
    await run(measuring, 5_000);
    expect(store.rows).toHaveLength(1_000);
    expect(Math.max(...sizes)).toBeLessThan(20 * 1024 * 1024);
  });

  it('takes a record larger than a batch whole', async () => {
    const { store, append, run } = open();
    await append('anna', 55);
    await run(store, 10);
    expect(store.rows).toHaveLength(55);
  });
});
