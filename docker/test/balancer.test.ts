import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readText } from './read-yaml.ts';

/** A server that says who it is and what it was sent, and that can say that it is not ready. */
interface StandIn {
  readonly server: Server;
  readonly port: number;
  isReady: boolean;
}

let folder = '';
let balancer: ChildProcess;
let url = '';
let own = '';
let one: StandIn;
let two: StandIn;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'px-balancer-'));
  [one, two] = [await openStandIn('one', 0), await openStandIn('two', 0)];
  const ports = [await findPort(), await findPort()];
  url = `http://127.0.0.1:${ports[0]}`;
  own = `http://127.0.0.1:${ports[1]}`;
  const config = readText('docker/balancer/haproxy.cfg')
    .replace('bind :8080', `bind 127.0.0.1:${ports[0]}`)
    .replace('127.0.0.1:8081', `127.0.0.1:${ports[1]}`)
    .replace('server-1:8000', `127.0.0.1:${one.port}`)
    .replace('server-2:8000', `127.0.0.1:${two.port}`)
    .replace('init-addr none', '')
    .replace('maxconn 20000', 'maxconn 200');
  const file = join(folder, 'haproxy.cfg');
  writeFileSync(file, config);
  balancer = spawn('haproxy', ['-db', '-f', file], { stdio: ['ignore', 'ignore', 'inherit'] });
  const failed = new Promise<never>((_, reject) => {
    balancer.once('error', reject);
    balancer.once('exit', (code) => reject(new Error(`haproxy ended with ${code}: apt-get install -y haproxy`)));
  });
  failed.catch(() => undefined);
  await Promise.race([failed, until(async () => (await fetch(own).catch(() => null))?.status === 200)]);
  // A check that was answered has not yet made its server one that is sent to.
  await until(async () => {
    const names = await post(4);
    return names.includes('one') && names.includes('two');
  });
});

afterEach(async () => {
  const ended = once(balancer, 'exit');
  balancer.kill('SIGTERM');
  await ended;
  for (const { server } of [one, two]) {
    server.closeAllConnections();
    server.close();
  }
  rmSync(folder, { recursive: true });
});

it('shares requests between both servers', async () => {
  expect(new Set(await post(10))).toEqual(new Set(['one', 'two']));
});

it('sends nothing to a server that is not ready, and again once it is', async () => {
  one.isReady = false;
  await until(async () => !(await post(20)).includes('one'));
  expect(new Set(await post(20))).toEqual(new Set(['two']));
  one.isReady = true;
  await until(async () => (await post(4)).includes('one'));
});

it('loses no request, with its body, when a server is gone', async () => {
  expect(await post(4)).toContain('two');
  two.server.closeAllConnections();
  two.server.close();
  await once(two.server, 'close');
  expect(await post(40)).toEqual(Array.from({ length: 40 }, () => 'one'));
});

it('puts the address of whoever connects behind what a proxy before it has said', async () => {
  const answer = await fetch(`${url}/api/v1/events`, { headers: { 'X-Forwarded-For': '203.0.113.7' } });
  expect(await answer.json()).toMatchObject({ forwarded: '203.0.113.7, 127.0.0.1' });
});

it.each(['/metrics', '/health/ready', '/health/live'])('has no way in to %s', async (path) => {
  const { status } = await fetch(`${url}${path}`);
  expect(status).toBe(404);
});

/** Sends so many requests with a body, one after the other, and gives who answered each. */
async function post(count: number): Promise<string[]> {
  const names: string[] = [];
  for (let at = 0; at < count; at += 1) {
    const body = JSON.stringify({ event: 'hello', properties: { text: 'x'.repeat(2_000) } });
    const answer = await fetch(`${url}/api/v1/events`, { method: 'POST', body });
    const said = answer.status === 200 ? ((await answer.json()) as { name: string; body: string }) : null;
    names.push(said?.body === body ? said.name : `${answer.status} ${said?.name}`);
  }
  return names;
}

async function openStandIn(name: string, port: number): Promise<StandIn> {
  const server = createServer(async (request, response) => {
    if (request.url === '/health/ready') {
      response.writeHead(standIn.isReady ? 200 : 503).end();
      return;
    }
    const body = (await request.toArray()).join('');
    response.end(JSON.stringify({ name, body, forwarded: request.headers['x-forwarded-for'] }));
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const { port: given } = server.address() as AddressInfo;
  const standIn: StandIn = { server, port: given, isReady: true };
  return standIn;
}

async function findPort(): Promise<number> {
  const { server, port } = await openStandIn('nobody', 0);
  server.close();
  return port;
}

/** Asks until it is so; the test's own time bounds it. */
async function until(isSo: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setImmediate(resolve));
}
