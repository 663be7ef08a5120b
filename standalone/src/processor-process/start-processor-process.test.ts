import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { getPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createMemoryDisk, createMemoryLog, type LogReader } from '@px-platform/log';
import { processorConfigSchema } from '@px-platform/processor';
import { createLogger, createUuidV7, systemClock } from '@px-platform/runtime';
import { encodeLogRecord, type LogRecord } from '@px-platform/schemas';
import { afterAll, expect, it, onTestFinished } from 'vitest';
import { type RunningProcessor, startProcessorProcess } from './start-processor-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'px-process-'));
afterAll(() => rmSync(folder, { recursive: true }));
const newId = createUuidV7(systemClock);

function openLog(): ReturnType<typeof createMemoryLog> {
  return createMemoryLog({ partitions: 2, maxBytes: 1e8, clock: systemClock, disk: createMemoryDisk() });
}

async function open(name: string) {
  const opened = await startProcessorProcess({
    place: { kind: 'embedded', path: join(folder, name) },
    clockOffsetMs: 0,
    niceness: 5,
    logger: createLogger({ level: 'silent', name: 'test' }),
  });
  onTestFinished(() => opened.close());
  const start = (log: LogReader, GEOIP_DB?: string): Promise<RunningProcessor> =>
    opened.start({
      config: processorConfigSchema.parse({ FLUSH_INTERVAL_MS: 0, GEOIP_DB, GEOIP_DB_CHECK_INTERVAL_MS: 100 }),
      logLevel: 'silent',
      tracerSettings: null,
      logs: { kind: 'held', log, auditLog: openLog() },
    });
  return { ...opened, start };
}

type Opened = Awaited<ReturnType<typeof open>>;

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

async function countRows({ reader }: Opened, projectId: string): Promise<number> {
  const at = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString();
  const { rows } = await reader.ask(projectId, {
    question: 'breakdown',
    from: at(-1),
    to: at(1),
    by: 'event',
    limit: 10,
    filters: [],
    timezone: 'UTC',
  });
  return Number(rows[0]?.[1] ?? 0);
}

/** Gives the youngest child process of this one. Source: proc(5). */
function findChild(): number {
  const children = readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8').trim().split(' ');
  return Number(children.at(-1));
}

it('stores what the log holds, from every partition, and commits it before it has stopped', async () => {
  const log = openLog();
  await append(
    log,
    'prj_process',
    Array.from({ length: 1_200 }, (_, at) => `person ${at}`),
  );
  const opened = await open('store');
  const processor = await opened.start(log);
  await processor.stop(20_000);
  await processor.ended;
  expect((await log.status()).depth).toBe(0);
  expect(await countRows(opened, 'prj_process')).toBe(1_200);
});

it('tells its metrics, and goes on without a geo database that can not be read', async () => {
  const log = openLog();
  await append(log, 'prj_metrics', ['anna', 'ben']);
  const processor = await (await open('metrics')).start(log, join(folder, 'none.mmdb'));
  await expect.poll(() => processor.metrics(), { timeout: 20_000 }).toContain('px_processor_rows_total 2');
  await processor.stop(20_000);
});

it('reads a geo database that comes later, without a restart', async () => {
  const path = join(folder, 'later.mmdb');
  const processor = await (await open('later')).start(openLog(), path);
  await expect.poll(() => processor.metrics()).toContain('px_processor_geo_loads_total{outcome="refused"} 1');
  const cityTest = new URL('../../../processor/test/fixtures/GeoIP2-City-Test.mmdb', import.meta.url);
  copyFileSync(fileURLToPath(cityTest), path);
  const metrics = () => processor.metrics();
  await expect.poll(metrics, { timeout: 20_000 }).toContain('px_processor_geo_loads_total{outcome="loaded"} 1');
  await processor.stop(20_000);
});

it('gives way to the process that it works for', async () => {
  await open('nice');
  expect(getPriority(findChild())).toBe(getPriority() + 5);
});

it('is started again where it is killed, and loses and doubles nothing', async () => {
  const log = openLog();
  const opened = await open('killed');
  const processor = await opened.start(log);
  await append(log, 'prj_killed', ['anna', 'ben']);
  await expect.poll(() => countRows(opened, 'prj_killed'), { timeout: 20_000 }).toBe(2);
  process.kill(findChild(), 'SIGKILL');
  await append(log, 'prj_killed', ['carl']);
  await expect.poll(() => countRows(opened, 'prj_killed').catch(() => -1), { timeout: 10_000 }).toBe(-1);
  await expect(opened.reader.ping()).rejects.toMatchObject({ code: 'store_unavailable' });
  await expect(processor.check()).rejects.toThrow();
  await expect.poll(() => countRows(opened, 'prj_killed').catch(() => -1), { timeout: 30_000 }).toBe(3);
  await processor.check();
  await processor.stop(20_000);
  expect((await log.status()).depth).toBe(0);
});

it('ends with what it can not go on from', async () => {
  const log = openLog();
  const broken: LogReader = { ...log, read: () => Promise.reject(new TypeError('a fault of ours')) };
  const processor = await (await open('broken')).start(broken);
  await expect(processor.ended).rejects.toThrow('a fault of ours');
  await expect(processor.check()).rejects.toThrow('the processor is failed');
});

it('says why the store can not be opened', async () => {
  await open('twice');
  await expect(open('twice')).rejects.toMatchObject({ code: 'data_dir_in_use' });
});
