import { spawn } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findFreePort } from '../../infra/runtime/test/find-free-port.ts';
import { makeDataDir } from '../src/data-dir.ts';
import {
  type ExportedRow,
  exportRows,
  makeServerKey,
  type StandaloneProcess,
  startProcess,
  untilDrained,
} from '../src/standalone-process.ts';

const program = join(import.meta.dirname, '../../server/src/replay/main.ts');
const dataDir = makeDataDir('replay');
let at: StandaloneProcess;
let key: string;
beforeAll(async () => {
  at = await startProcess({ dataDir, port: await findFreePort() });
  key = await makeServerKey(at);
});
afterAll(async () => {
  await at.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

/** Runs the command as a person does, in the data folder. */
async function replay(...args: string[]) {
  const child = spawn(process.execPath, [program, ...args, '--json'], {
    cwd: dataDir,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], PX_URL: at.url, PX_ADMIN_TOKEN: at.adminToken },
  });
  let [out, error] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    error += chunk.toString();
  });
  const code = await new Promise((resolve) => child.once('close', resolve));
  return { code, body: JSON.parse(out), error };
}

/** A new project, and the key that reads it. */
async function makeProject(name: string): Promise<{ id: string; key: string }> {
  const ask = async (path: string, body: object) => {
    const answer = await fetch(`${at.url}/admin/v1${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${at.adminToken}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return JSON.parse(await answer.text());
  };
  const { project_id: id } = await ask('/projects', { tenant: 'demo', name });
  return { id, key: (await ask(`/projects/${id}/keys`, { kind: 'srv', name: 'test' })).key };
}

/** The rows of a project, by id, without what is of the project, or tells which request brought them. */
async function readRows(readKey: string): Promise<ExportedRow[]> {
  await untilDrained({ url: at.url, apiKey: readKey });
  const rows = await exportRows(at, readKey);
  const told = rows.map(
    ({ project_id, retain_until, request_id, key_prefix, stored_at, _log, _partition, _offset, _index, ...row }) => row,
  );
  return told.sort((one, other) => String(one['event_id']).localeCompare(String(other['event_id'])));
}

const dayMs = 24 * 60 * 60 * 1000;
const now = Date.now();
const text = (ms: number): string => new Date(ms).toISOString();
const toId = (ms: number, number: number): string => {
  const head = ms.toString(16).padStart(12, '0');
  return `${head.slice(0, 8)}-${head.slice(8)}-7ccc-8ddd-${String(number).padStart(12, '0')}`;
};

describe('replay of an export', () => {
  it('makes the same rows in another project, and none where they are already', async () => {
    const page = {
      url: 'https://shop.example/beans?utm_source=news&utm_medium=email&gclid=g1#x',
      referrer: 'https://www.google.com/',
      title: 'Beans',
    };
    const context = {
      page,
      screen: { width: 1920, height: 1080, density: 2 },
      viewport: { width: 800, height: 600 },
      locale: 'de-DE',
      timezone: 'Europe/Berlin',
      library: { name: 'test', version: '1.0.0' },
      consent: { analytics: true, ads: false },
    };
    const properties = { a: 1, b: 1.5, c: 'x', d: true, e: { f: ['g', 'h'] }, 'i.j': 2, big: 9007199254740991 };
    const batches = [
      {
        // The client's clock is 3 days and some behind: time is corrected, the day is its own.
        sent_at: text(now - 3 * dayMs - 7_777),
        events: [
          { event: 'page_view', timestamp: text(now - 3 * dayMs - 60_000), anonymous_id: 'a1', context, properties },
          { event: 'sold', event_id: toId(now, 1), anonymous_id: 'a1', session_id: toId(now - 3 * dayMs, 99) },
        ],
      },
      {
        events: [
          { event: 'ancient', timestamp: '2001-09-09T01:46:40Z', anonymous_id: 'a2' },
          { event: 'future', timestamp: '2099-01-01T12:00:00Z', anonymous_id: 'a2' },
          { event: 'timeless', event_id: '0190aaaa-bbbb-4ccc-8ddd-00000000aaaa', user_id: 'u1' },
          { event: 'made then', event_id: toId(now - 40 * dayMs, 2), user_id: 'u1' },
          { event: 'identify', user_id: 'u1', anonymous_id: 'a2', traits: { email: 'u@example.com', age: 7 } },
        ],
      },
    ];
    for (const batch of batches) {
      const answer = await fetch(`${at.url}/api/v1/events/batch`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${key}`,
          'content-type': 'application/json',
          'user-agent': 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:121.0) Gecko/20100101 Firefox/121.0',
        },
        body: JSON.stringify(batch),
      });
      expect(answer.status).toBe(202);
    }
    const rows = await readRows(key);
    expect(rows).toHaveLength(7);
    const file = join(dataDir, 'export.ndjson.gz');
    writeFileSync(file, gzipSync((await exportRows(at, key)).map((row) => JSON.stringify(row)).join('\n')));

    const other = await makeProject('another');
    expect(await replay(file, '--project', other.id)).toMatchObject({
      code: 0,
      body: { source: 'files', lines: 7, sent: 7, refused: 0 },
    });
    const copied = await readRows(other.key);
    expect(copied).toEqual(rows);
    expect(new Set(rows.map((row) => row['day'])).size).toBeGreaterThan(3);

    expect((await replay(file, '--project', other.id)).body).toMatchObject({ sent: 7 });
    expect((await replay(file, '--project', at.projectId)).body).toMatchObject({ sent: 7 });
    expect(await readRows(other.key)).toEqual(rows);
    expect(await readRows(key)).toEqual(rows);
  });

  it('takes calls of Segment’s archive, once', async () => {
    const sent = now - 30 * dayMs;
    const call = (number: number, own: object) =>
      JSON.stringify({
        type: 'track',
        messageId: `ajs-${number}`,
        anonymousId: 'a1',
        event: 'Order Completed',
        // Its clock is an hour ahead: Segment corrected `timestamp`.
        originalTimestamp: text(sent + 3_600_000 - 1_000),
        sentAt: text(sent + 3_600_000),
        receivedAt: text(sent),
        timestamp: text(sent - 1_000),
        context: { ip: '203.0.113.7', userAgent: 'curl/8' },
        ...own,
      });
    const file = join(dataDir, 'archive.json');
    writeFileSync(
      file,
      [call(1, {}), call(2, { type: 'page', name: 'Home' }), call(3, { anonymousId: '' })].join('\n'),
    );
    const { id, key: readKey } = await makeProject('archive');
    const first = await replay(file, '--project', id);
    expect(first).toMatchObject({ code: 1, body: { sent: 2, refused: 1, reasons: { missing_person: 1 } } });
    expect(first.error).toContain('line 3: missing_person');
    const rows = await readRows(readKey);
    expect(rows.map((row) => [row['event'], row['timestamp'], row['received_at'], row['clock_error_ms']])).toEqual(
      expect.arrayContaining([
        ['Order Completed', text(sent - 1_000), text(sent), -3_600_000],
        ['page_view', text(sent - 1_000), text(sent), -3_600_000],
      ]),
    );
    await replay(file, '--project', id);
    expect(await readRows(readKey)).toEqual(rows);
  });
});
