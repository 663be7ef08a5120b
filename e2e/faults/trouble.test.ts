import { closeSync, cpSync, openSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { findFreePort } from '../../infra/runtime/test/find-free-port.ts';
import { makeDataDir } from '../src/data-dir.ts';
import {
  exportRows,
  makeServerKey,
  type StandaloneProcess,
  startProcess,
  tryStart,
  untilDrained,
} from '../src/standalone-process.ts';

const folders: string[] = [];
const running: StandaloneProcess[] = [];

afterAll(async () => {
  for (const one of running) if (!one.hasEnded()) await one.kill();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function makeFolder(): string {
  const folder = makeDataDir('trouble');
  folders.push(folder);
  return folder;
}

async function start(dataDir: string, env: Record<string, string> = {}): Promise<StandaloneProcess> {
  const started = await startProcess({ dataDir, port: await findFreePort(), env });
  running.push(started);
  return started;
}

const refusedStart = async (dataDir: string, env: Record<string, string> = {}) =>
  tryStart({ dataDir, port: await findFreePort(), env });

function send(at: StandaloneProcess, event: Record<string, unknown>): Promise<Response> {
  return fetch(`${at.url}/api/v1/events`, {
    method: 'POST',
    headers: { 'X-API-Key': at.apiKey, 'Content-Type': 'application/json' },
    body: JSON.stringify(event),
  });
}

async function readRows(at: StandaloneProcess) {
  await untilDrained(at);
  return exportRows(at, await makeServerKey(at));
}

describe('a standalone process in trouble', () => {
  it('refuses a second process on its data folder, and goes on', async () => {
    const dataDir = makeFolder();
    const first = await start(dataDir);
    const second = await refusedStart(dataDir);
    expect(second).toMatchObject({ code: 'data_dir_in_use', message: expect.stringContaining('DATA_DIR') });
    expect((await send(first, { event: 'still here', anonymous_id: 'a' })).status).toBe(202);
    expect(await readRows(first)).toHaveLength(1);
    expect(await first.stop()).toBe(0);
  });

  it('refuses a taken port, names it, and leaves the data folder free', async () => {
    const first = await start(makeFolder());
    const dataDir = makeFolder();
    const port = Number(new URL(first.url).port);
    expect(await tryStart({ dataDir, port })).toMatchObject({
      code: 'port_in_use',
      message: expect.stringContaining(String(port)),
    });
    const again = await start(dataDir);
    expect((await fetch(`${again.url}/health/ready`)).status).toBe(200);
    await again.stop();
    await first.stop();
  });

  it('refuses a configuration with mistakes and lists every one', async () => {
    const refused = await refusedStart(makeFolder(), {
      BATCH_SIZE: 'many',
      LOG_LEVEL: 'loud',
      REDIS_URL: 'http://127.0.0.1',
    });
    expect(refused).toMatchObject({ code: 'config_invalid' });
    for (const name of ['BATCH_SIZE', 'LOG_LEVEL', 'REDIS_URL'])
      expect(refused).toHaveProperty('message', expect.stringContaining(name));
  });

  it('refuses a corrupt log, says what to do, and starts again once the file is moved away', async () => {
    const dataDir = makeFolder();
    const first = await start(dataDir);
    await send(first, { event: 'before', anonymous_id: 'a' });
    await first.stop();
    const file = join(dataDir, 'log/events.lmdb');
    const size = statSync(file).size;
    const handle = openSync(file, 'r+');
    writeSync(handle, Buffer.alloc(Math.min(size, 8_192), 0x5a), 0, undefined, 0);
    closeSync(handle);

    const refused = await refusedStart(dataDir);
    expect(refused).toMatchObject({ code: 'log_corrupt', message: expect.stringContaining('events.lmdb') });

    cpSync(file, `${file}.damaged`);
    rmSync(file);
    const again = await start(dataDir);
    await send(again, { event: 'after', anonymous_id: 'a' });
    expect((await readRows(again)).map((row) => row['event']).sort()).toEqual(['after', 'before']);
    await again.stop();
  });

  it('stores events without a place where the geo database is missing or broken', async () => {
    for (const damage of ['missing', 'broken']) {
      const path = join(makeFolder(), 'geo.mmdb');
      if (damage === 'broken') writeFileSync(path, 'no database');
      const at = await start(makeFolder(), { GEOIP_DB: path });
      const response = await fetch(`${at.url}/api/v1/events`, {
        method: 'POST',
        headers: { 'X-API-Key': at.apiKey, 'X-Forwarded-For': '8.8.8.8' },
        body: JSON.stringify({ event: 'placeless', anonymous_id: 'a' }),
      });
      expect(response.status).toBe(202);
      expect(await readRows(at)).toMatchObject([{ event: 'placeless', country: '', city: '' }]);
      await at.stop();
    }
  });

  it('answers 503 with Retry-After while the log is full, keeps what it took, and takes more once there is room', async () => {
    // Batches wait an hour, so that nothing leaves the log before the process is stopped.
    const dataDir = makeFolder();
    const waiting = { LOG_MAX_BYTES: '20000', FLUSH_INTERVAL_MS: '60000', BATCH_SIZE: '100000' };
    const at = await start(dataDir, waiting);
    const answers: number[] = [];
    let refusal: Response | null = null;
    for (let count = 0; count < 60; count += 1) {
      const response = await send(at, { event: 'fill', anonymous_id: 'a', properties: { count } });
      answers.push(response.status);
      if (response.status === 503) refusal = response;
      else await response.arrayBuffer();
    }
    const taken = answers.filter((status) => status === 202).length;
    expect(taken).toBeGreaterThan(5);
    expect(answers.every((status) => status === 202 || status === 503)).toBe(true);
    expect(refusal?.status).toBe(503);
    expect(Number(refusal?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await refusal?.json()).toMatchObject({ error: { code: 'not_durable' } });
    expect((await fetch(`${at.url}/health/live`)).status).toBe(200);
    expect(await at.stop()).toBe(0);

    const again = await start(dataDir);
    expect((await send(again, { event: 'room', anonymous_id: 'a' })).status).toBe(202);
    expect(await readRows(again)).toHaveLength(taken + 1);
    await again.stop();
  });

  it('stores what waits and exits with 0 on SIGTERM', async () => {
    const dataDir = makeFolder();
    const at = await start(dataDir, { FLUSH_INTERVAL_MS: '60000' });
    for (let count = 0; count < 20; count += 1) await send(at, { event: 'waits', anonymous_id: 'a' });
    expect(await at.stop()).toBe(0);
    const again = await start(dataDir);
    expect(await exportRows(again, await makeServerKey(again))).toHaveLength(20);
    await again.stop();
  });
});
