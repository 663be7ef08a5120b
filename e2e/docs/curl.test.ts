import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findFreePort } from '../../infra/runtime/test/find-free-port.ts';
import { makeDataDir } from '../src/data-dir.ts';
import {
  exportRows,
  makeServerKey,
  type StandaloneProcess,
  startProcess,
  untilDrained,
} from '../src/standalone-process.ts';
import { asks, type CurlLine, readCurlLines, readRoutes } from './read-api-page.ts';

const lines = readCurlLines();
const dataDir = makeDataDir('curl');
let at: StandaloneProcess;
let variables: Record<string, string>;

beforeAll(async () => {
  at = await startProcess({ dataDir, port: await findFreePort() });
  variables = {
    PX_URL: at.url,
    PX_KEY: await makeServerKey(at),
    PX_ADMIN_TOKEN: at.adminToken,
    PX_PROJECT: at.projectId,
    PX_KEY_ID: await findKeyId(),
    PX_PURGE_ID: await makePurge(),
  };
});
afterAll(async () => {
  await at.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

/** The browser key of the demo: the lines that rotate and revoke a key do it to this one, and ask with the other. */
async function findKeyId(): Promise<string> {
  const answer = await fetch(`${at.url}/admin/v1/projects/${at.projectId}/keys`, {
    headers: { authorization: `Bearer ${at.adminToken}` },
  });
  const { keys } = JSON.parse(await answer.text());
  return keys.find((key: { kind: string }) => key.kind === 'pub').key_id;
}

/** A purge of somebody who never was, to ask for. */
async function makePurge(): Promise<string> {
  const answer = await fetch(`${at.url}/admin/v1/projects/${at.projectId}/purges`, {
    method: 'POST',
    headers: { authorization: `Bearer ${at.adminToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({ anonymous_id: 'who-never-was' }),
  });
  return JSON.parse(await answer.text()).purge_id;
}

/** It has no end: curl breaks it off, and says so. */
const isStream = (line: CurlLine) => line.path === '/api/v1/live';

/** The line as it was pasted, with this of the test's own: where the answer goes, an end to a stream, an id to find the row by. */
const shell = `curl() { command curl -sS --max-time "$SECONDS_AT_MOST" -o "$OUT" -w '%{http_code}' -H "X-Request-ID: $REQUEST" "$@"; }`;

async function paste(line: CurlLine, request: string): Promise<{ status: number; body: string; error: string }> {
  const out = join(dataDir, request);
  const child = spawn('bash', ['--norc', '-c', `${shell}\n${line.command}`], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      OUT: out,
      REQUEST: request,
      SECONDS_AT_MOST: isStream(line) ? '1' : '30',
      ...variables,
    },
  });
  let status = '';
  let error = '';
  child.stdout.on('data', (chunk: Buffer) => {
    status += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    error += chunk.toString();
  });
  await new Promise((resolve) => child.once('close', resolve));
  return { status: Number(status), body: readFileSync(out, 'utf8'), error };
}

/** The requests that the stored audit events came with. */
async function readAuditRequests(): Promise<unknown[]> {
  const range = 'from=2000-01-01T00:00:00Z&to=2200-01-01T00:00:00Z';
  const answer = await fetch(`${at.url}/api/v1/export/audit-events?${range}`, {
    headers: { 'x-api-key': variables['PX_KEY'] ?? '' },
  });
  const rows = (await answer.text()).split('\n').filter((line) => line !== '');
  return rows.map((row) => JSON.parse(row).request_id);
}

describe('the curl lines of docs/api.md', () => {
  it('are there for every route of its tables', () => {
    const missing = readRoutes().filter(
      (route) => route.path !== '/admin/v1/*' && !lines.some((line) => asks(line, route)),
    );
    expect(readRoutes().length).toBeGreaterThan(30);
    expect(missing.map(({ method, path }) => `no curl line for ${method} ${path}`)).toEqual([]);
  });

  it('ask no route that the tables lack', () => {
    const routes = readRoutes();
    const unknown = lines.filter((line) => !routes.some((route) => asks(line, route)));
    expect(unknown.map(({ method, path }) => `${method} ${path}`)).toEqual([]);
  });

  it.each(lines.map((line, n) => ({ ...line, request: `curl-${n}` })))(
    '$method $path answers $status with $fields',
    async ({ request, ...line }) => {
      // What it asks for was sent by a line above it.
      if (line.path.includes('/groups/')) await untilDrained({ url: at.url, apiKey: variables['PX_KEY'] ?? '' });
      const { status, body, error } = await paste(line, request);
      expect({ status, error: isStream(line) ? '' : error }).toEqual({ status: line.status, error: '' });
      if (line.fields.length > 0)
        expect(Object.keys(JSON.parse(body))).toEqual(expect.arrayContaining([...line.fields]));
    },
  );

  it('make the rows that they say', async () => {
    const requests = lines
      .map((line, n) => ({ ...line, request: `curl-${n}` }))
      .filter(({ method }) => method === 'POST');
    const isAudit = ({ path }: CurlLine) => /^\/v1\/events(\/batch)?$/.test(path);
    const isEvent = (line: CurlLine) =>
      /^(\/api)?\/v1\/(events|identify|group|alias|page|track|screen|batch)(\/batch|\/import)?$/.test(line.path) &&
      !isAudit(line);
    await untilDrained({ url: at.url, apiKey: variables['PX_KEY'] ?? '' });
    const rows = await exportRows(at, variables['PX_KEY'] ?? '');
    const stored = new Set(rows.map((row) => row['request_id']));
    expect([...stored].sort()).toEqual(
      requests
        .filter(isEvent)
        .map(({ request }) => request)
        .sort(),
    );
    await expect
      .poll(readAuditRequests, { timeout: 30_000 })
      .toEqual(requests.filter(isAudit).map(({ request }) => request));
  });
});
