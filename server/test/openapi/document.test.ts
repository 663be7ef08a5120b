import { readFileSync } from 'node:fs';
import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { startTestServer, type TestServer } from '../test-server.ts';
import { findMountedRoutes } from './mounted-routes.ts';

const committed = readFileSync(new URL('../../../docs/openapi.json', import.meta.url), 'utf8');

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

describe('GET /openapi.json', () => {
  it('gives what docs/openapi.json holds; where it differs, run `npm run openapi`', async () => {
    const response = await fetch(`${server.url}/openapi.json`);
    expect(await response.text()).toBe(committed);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'access-control-allow-origin': '*',
      'cache-control': 'no-cache',
    });
    const etag = response.headers.get('etag') ?? '';
    const again = { 'if-none-match': etag, 'cache-control': 'max-age=0' };
    expect((await fetch(`${server.url}/openapi.json`, { headers: again })).status).toBe(304);
  });

  it('gives a valid OpenAPI 3.1 document of this version', async () => {
    const validator = new Validator();
    const { valid, errors } = await validator.validate(JSON.parse(committed));
    expect({ valid, errors, version: validator.version }).toEqual({ valid: true, errors: undefined, version: '3.1' });
    const document = JSON.parse(committed);
    expect(document.info.version).toBe(packageJson.version);
    expect(document.servers).toEqual([{ url: '/' }]);
  });

  it('lists each route that is mounted, and none that is not', async () => {
    const { paths } = JSON.parse(committed);
    const listed = Object.entries<object>(paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const mounted = await findMountedRoutes(server.url);
    expect(mounted.length).toBeGreaterThan(30);
    expect(listed.sort()).toEqual(mounted);
  });
});

describe('GET /docs', () => {
  it('gives a page that loads all it needs from this server, under a policy that allows no more', async () => {
    for (const [path, root] of [
      ['/docs', './'],
      ['/docs/', '../'],
    ] as const) {
      const response = await fetch(server.url + path);
      const page = await response.text();
      expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
      expect(response.headers.get('content-security-policy')).toMatch(
        /default-src 'none'; script-src 'self'; .*connect-src 'self'/,
      );
      const loaded = [...page.matchAll(/(?:src|href|data-url)="([^"]+)"/g)].map(([, url = '']) => url);
      expect(loaded.length).toBeGreaterThan(4);
      for (const url of loaded) {
        expect(url.startsWith(root)).toBe(true);
        expect((await fetch(new URL(url, server.url + path))).status, url).toBe(200);
      }
    }
  });

  it('gives no other file of the package', async () => {
    for (const path of ['/docs/package.json', '/docs/..%2fpackage.json', '/docs/index.html', '/docs/swagger-ui.js']) {
      expect((await fetch(server.url + path)).status, path).toBe(404);
    }
    expect((await fetch(`${server.url}/docs`, { method: 'POST' })).headers.get('allow')).toBe('GET');
  });
});
