import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import express from 'express';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createReadToken } from '../auth/read-token.ts';
import type { RequestContext } from '../http/request-context.ts';
import type { DemoSite } from '../server-deps.ts';
import { createDemoRouter } from './route.ts';

const now = Date.parse('2026-07-01T12:00:00Z');
const tokenSecret = Buffer.alloc(32, 7);
let dir: string;
let server: Server;
let origin: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'px-demo-'));
  await mkdir(join(dir, 'shop', 'studio'), { recursive: true });
  await writeFile(join(dir, 'index.html'), '<h1>shell</h1>');
  await writeFile(join(dir, 'shop', 'about.html'), '<h1>about</h1>');
  await writeFile(join(dir, 'shop', 'studio', 'index.html'), '<h1>studio</h1>');
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(dir, { recursive: true });
});

async function serve(demo: Partial<DemoSite> | null): Promise<void> {
  const app = express();
  app.use((_req, res, next) => {
    const context: RequestContext = {
      requestId: 'r1',
      traceparent: null,
      receivedAt: now,
      caller: null,
      outcome: 'ok',
    };
    res.locals['context'] = context;
    next();
  });
  const site: DemoSite = {
    dir,
    projectId: 'p1',
    apiKey: 'px_pub_test_</script>',
    sendVisitors: async () => 3,
    ...demo,
  };
  app.use(createDemoRouter({ clock: () => now, tokenSecret, demo: demo === null ? null : site }));
  server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  origin = `http://127.0.0.1:${address.port}`;
}

describe('createDemoRouter', () => {
  it('serves the pages, with and without their ending, under a policy without inline scripts', async () => {
    await serve({});
    for (const [path, text] of [
      ['/', 'shell'],
      ['/shop/about', 'about'],
      ['/shop/studio/', 'studio'],
      ['/shop/studio/step/two', 'studio'],
    ]) {
      const answer = await fetch(origin + path);
      expect(await answer.text()).toContain(text);
      expect(answer.headers.get('content-security-policy')).toContain("script-src 'self';");
      expect(answer.headers.get('content-security-policy')).not.toContain('unsafe');
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
      expect(answer.headers.get('cache-control')).toBe('no-cache');
    }
  });

  it('gives no file outside its folder', async () => {
    await serve({});
    for (const path of ['/..%2fpackage.json', '/%2e%2e/package.json', '/shop/nowhere']) {
      expect((await fetch(origin + path)).status).toBe(404);
    }
  });

  it('gives a read token that ends in 15 minutes, never stored by a cache', async () => {
    await serve({});
    const answer = await fetch(`${origin}/demo/config.json`);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const expiresAt = now + 15 * 60 * 1000;
    expect(await answer.json()).toEqual({
      apiKey: 'px_pub_test_</script>',
      projectId: 'p1',
      endpoint: '',
      readToken: createReadToken(tokenSecret, { projectId: 'p1', expiresAt }),
      readTokenExpiresAt: '2026-07-01T12:15:00.000Z',
    });
  });

  it('gives what a customer pastes: calls queue until the SDK is there', async () => {
    await serve({});
    const script = await (await fetch(`${origin}/demo/px-init.js`)).text();
    expect(script).not.toContain('</script>');
    const settings = { apiKey: 'px_pub_test_</script>', projectId: 'p1' };
    const window: { PX?: { _q: unknown[][]; track(name: string): void } } = {};
    runInNewContext(script, {
      window,
      location: { origin: 'http://shop' },
      get PX() {
        return window.PX;
      },
    });
    window.PX?.track('x');
    expect(window.PX?._q).toMatchObject([
      ['init', [{ ...settings, endpoint: 'http://shop', flush: { maxWaitMs: 400 } }], expect.any(Number)],
      ['track', ['x'], expect.any(Number)],
    ]);
  });

  it('sends one round of visitors at a time', async () => {
    const finish: ((sent: number) => void)[] = [];
    await serve({ sendVisitors: () => new Promise<number>((resolve) => finish.push(resolve)) });
    const first = fetch(`${origin}/demo/visitors`, { method: 'POST' });
    await expect.poll(() => finish.length).toBe(1);
    const second = await fetch(`${origin}/demo/visitors`, { method: 'POST' });
    expect(second.status).toBe(409);
    expect(second.headers.get('retry-after')).toBe('1');
    expect(await second.json()).toMatchObject({ error: { code: 'conflict', request_id: 'r1' } });
    finish[0]?.(31);
    expect(await (await first).json()).toEqual({ sent: 31 });
  });

  it('may send visitors again after a round that failed', async () => {
    let rounds = 0;
    await serve({
      sendVisitors: async () => {
        if (++rounds === 1) throw new Error('the server went away');
        return 5;
      },
    });
    expect((await fetch(`${origin}/demo/visitors`, { method: 'POST' })).status).toBe(500);
    expect(await (await fetch(`${origin}/demo/visitors`, { method: 'POST' })).json()).toEqual({ sent: 5 });
  });

  it('sends no visitors for another site', async () => {
    await serve({});
    const answer = await fetch(`${origin}/demo/visitors`, {
      method: 'POST',
      headers: { Origin: 'https://evil.example' },
    });
    expect(answer.status).toBe(403);
    expect(await answer.json()).toMatchObject({ error: { code: 'origin_not_allowed' } });
  });

  it('serves nothing where no demo is configured', async () => {
    await serve(null);
    for (const path of ['/', '/demo/config.json']) expect((await fetch(origin + path)).status).toBe(404);
  });
});
