import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MessagePort } from 'node:worker_threads';
import { createMemoryDisk, createMemoryLog } from '@px-platform/log';
import { processorConfigSchema } from '@px-platform/processor';
import { createUuidV7, serveCalls, systemClock } from '@px-platform/runtime';
import { encodeLogRecord, type LogRecord } from '@px-platform/schemas';
import { type OpenStore, openEmbeddedStore } from '@px-platform/store';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startProcessorThread } from './start-processor-thread.ts';

const folder = mkdtempSync(join(tmpdir(), 'px-thread-'));
const newId = createUuidV7(systemClock);
let open: OpenStore;
beforeAll(async () => {
  open = await openEmbeddedStore({ path: join(folder, 'store'), clock: systemClock });
});
afterAll(async () => {
  await open.store.close();
  rmSync(folder, { recursive: true });
});

function openLog(): ReturnType<typeof createMemoryLog> {
  return createMemoryLog({ partitions: 2, maxBytes: 1e8, clock: systemClock, disk: createMemoryDisk() });
}

function start(
  log: ReturnType<typeof openLog>,
  own: { serveStore?: OpenStore['serve']; GEOIP_DB?: string } = {},
): ReturnType<typeof startProcessorThread> {
  return startProcessorThread({
    config: processorConfigSchema.parse({ FLUSH_INTERVAL_MS: 0, GEOIP_DB: own.GEOIP_DB }),
    logLevel: 'silent',
    tracerSettings: null,
    clockOffsetMs: 0,
    log,
    auditLog: openLog(),
    serveStore: own.serveStore ?? ((port) => open.serve(port)),
  });
}

async function append(log: ReturnType<typeof openLog>, projectId: string, persons: readonly string[]): Promise<void> {
  const records = persons.map((person): LogRecord => {
    return {
      v: 1,
      tenant_id: 'ten',
      project_id: projectId,
      ip_policy: 'drop',
      retention_days: 365,
      key_prefix: 'px_pub_live_abcd',
      request_id: 'req',
      schema_version: '1.0.0',
      received_at: Date.now(),
      sent_at: null,
      ip: '',
      user_agent: '',
      client_hints: {},
      person_key: person,
      events: [{ event: 'seen', event_id: newId(), anonymous_id: person }],
    };
  });
  await log.append(records.map((record) => ({ key: record.person_key, payload: encodeLogRecord(record) })));
}

async function countRows(projectId: string): Promise<unknown> {
  const at = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString();
  const { rows } = await open.reader.ask(projectId, {
    question: 'breakdown',
    from: at(-1),
    to: at(1),
    by: 'event',
    limit: 10,
    filters: [],
    timezone: 'UTC',
  });
  return rows[0]?.[1] ?? 0;
}

it('stores what the log holds, from every partition, and commits it before it has stopped', async () => {
  const log = openLog();
  await append(
    log,
    'prj_thread',
    Array.from({ length: 500 }, (_, at) => `person ${at}`),
  );
  const thread = await start(log);
  await thread.stop(20_000);
  await thread.ended;
  expect((await log.status()).depth).toBe(0);
  expect(Number(await countRows('prj_thread'))).toBe(500);
});

it('tells its metrics, and that it is well', async () => {
  const log = openLog();
  await append(log, 'prj_metrics', ['anna', 'ben']);
  const thread = await start(log);
  await expect.poll(() => thread.metrics(), { timeout: 20_000 }).toContain('px_processor_rows_total 2');
  await thread.check();
  await thread.stop(20_000);
});

it('goes on without a geo database that can not be read', async () => {
  const log = openLog();
  await append(log, 'prj_nowhere', ['anna']);
  const thread = await start(log, { GEOIP_DB: join(folder, 'none.mmdb') });
  await thread.stop(20_000);
  expect(Number(await countRows('prj_nowhere'))).toBe(1);
});

it('ends with what it can not go on from', async () => {
  const log = openLog();
  await append(log, 'prj_broken', ['anna']);
  // A fault of ours, not a store that is away: that one would be tried again.
  const broken = (port: MessagePort): void =>
    serveCalls(port, { ask: async () => ({ columns: [], rows: [], rowsRead: 0 }), run: async () => undefined });
  const thread = await start(log, { serveStore: broken });
  await expect(thread.ended).rejects.toThrow(/"insert", which is not served/);
  await expect(thread.check()).rejects.toThrow('the processor is failed');
  await expect(thread.stop(1_000)).rejects.toThrow(/"insert"/);
  expect((await log.status()).depth).toBe(1);
});
