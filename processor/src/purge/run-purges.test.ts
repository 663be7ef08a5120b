import { setTimeout as wait } from 'node:timers/promises';
import { createMemoryLog } from '@px-platform/log';
import { createLogger } from '@px-platform/runtime';
import { type AcceptedEvent, encodeLogRecord } from '@px-platform/schemas';
import {
  createMemoryAuditStore,
  createMemoryPurgeStore,
  createMemorySaltStore,
  createMemoryStore,
  type PurgeStore,
} from '@px-platform/store';
import { expect, it } from 'vitest';
import { makePipelineEvent } from '../../test/pipeline-event.ts';
import { processorConfigSchema } from '../config.ts';
import { createProcessorMetrics } from '../metrics.ts';
import { type Processor, startProcessor } from '../processor.ts';

const noon = Date.UTC(2026, 10, 22, 12);
const geo = { find: () => null, revision: () => 0, describe: () => ({ files: [], attribution: '' }) };

function open() {
  const time = { now: noon };
  const log = createMemoryLog({ partitions: 1, maxBytes: 1e9, clock: () => time.now });
  const auditLog = createMemoryLog({ partitions: 1, maxBytes: 1e6, clock: () => time.now });
  const store = createMemoryStore();
  const purges = createMemoryPurgeStore();
  let made = 0;

  async function append(person: string, own: Partial<AcceptedEvent> = {}): Promise<string> {
    made += 1;
    const event_id = `00000000-0000-7ccc-8ddd-${String(made).padStart(12, '0')}`;
    const event = {
      event: 'page_view',
      event_id,
      anonymous_id: person,
      timestamp: new Date(time.now).toISOString(),
      ...own,
    };
    const { record } = makePipelineEvent({ record: { person_key: person, received_at: time.now, events: [event] } });
    await log.append([{ key: person, payload: encodeLogRecord(record) }]);
    return event.event_id;
  }
  const start = (through: PurgeStore = purges): Processor =>
    startProcessor({
      config: processorConfigSchema.parse({ BATCH_SIZE: 10, FLUSH_INTERVAL_MS: 0 }),
      log,
      store,
      audit: { log: auditLog, store: createMemoryAuditStore() },
      salts: createMemorySaltStore(),
      purges: through,
      geo,
      metrics: createProcessorMetrics(),
      tracer: null,
      clock: () => time.now,
      logger: createLogger({ level: 'silent', name: 'test' }),
    });
  const request = (id: string, value: string) =>
    purges.request({ id, projectId: 'p1', subject: { kind: 'user_id', value }, at: time.now });
  const persons = (): string[] => store.rows.map((row) => row.person_key);
  return { time, store, purges, append, start, request, persons };
}

it('finishes what was asked for before the first batch: what lies in the log unread does not come back', async () => {
  const { append, start, request, persons, time } = open();
  await append('anna');
  await append('bert');
  await request('p-1', 'anna');
  time.now += 1_000;
  await append('anna', { timestamp: new Date(noon - 60_000).toISOString() });
  const before = start();
  await before.stop(10_000);
  expect(persons()).toEqual(['bert']);

  time.now += 1_000;
  await append('anna');
  const resent = await append('anna', { timestamp: new Date(noon).toISOString() });
  const after = start();
  await after.stop(10_000);
  expect(persons()).toEqual(['bert', 'anna']);
  expect(resent).not.toBe('');
});

it('removes nobody while a batch is under way, and makes none while somebody is removed', async () => {
  const { append, start, request, persons, purges, store, time } = open();
  const seen: string[] = [];
  const removing = Promise.withResolvers<void>();
  const removed = Promise.withResolvers<void>();
  const slow: PurgeStore = {
    ...purges,
    async finish(purge, at) {
      seen.push(`removes beside ${persons().length} rows`);
      removing.resolve();
      await removed.promise;
      return purges.finish(purge, at);
    },
  };
  await append('anna');
  const processor = start(slow);
  await expect.poll(persons, { timeout: 5_000 }).toEqual(['anna']);
  await request('p-1', 'anna');
  await removing.promise;
  time.now += 1_000;
  await append('bert');
  await append('anna', { timestamp: new Date(noon).toISOString() });
  await wait(50);
  expect(persons()).toEqual(['anna']);
  removed.resolve();
  await expect.poll(persons, { timeout: 5_000 }).toEqual(['anna', 'bert']);
  expect(seen).toEqual(['removes beside 1 rows']);
  expect((await purges.find('p1', 'p-1'))?.state).toBe('done');
  await processor.stop(10_000);
  expect(store.letters).toEqual([]);
});
