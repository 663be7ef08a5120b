import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { isAppError } from '@px-platform/runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSdkFiles } from '../src/sdk/read-sdk-files.ts';
import { startTestServer, type TestServer } from './test-server.ts';

const script = `/* the SDK */ ${'var px;'.repeat(200)}`;
const sha384 = createHash('sha384').update(script).digest();
const hash = sha384.toString('hex').slice(0, 16);
let server: TestServer;
let dir: string;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'px-sdk-files-'));
  writeFileSync(join(dir, 'px.js'), script);
  writeFileSync(join(dir, 'px.js.map'), '{"version":3}');
  writeFileSync(join(dir, 'px-gzip.js'), 'export {}');
  writeFileSync(join(dir, 'px.mjs'), 'export default 1');
  mkdirSync(join(dir, 'empty'));
  for (const name of ['px.d.ts', '.stamp', 'px.cjs']) writeFileSync(join(dir, name), 'not for pages');
  server = await startTestServer({ sdkFiles: readSdkFiles(dir) });
});
afterAll(async () => {
  await server.close();
  rmSync(dir, { recursive: true });
});

interface Answer {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: Buffer;
}

/** Asks without what fetch adds and undoes: encodings stay as they came. */
function ask(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request(`${server.url}/sdk/${path}`, { method, headers }, async (answer) => {
      const chunks: Buffer[] = [];
      for await (const chunk of answer) chunks.push(chunk);
      resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks) });
    });
    asked.once('error', reject).end();
  });
}

const browser = { 'accept-encoding': 'gzip, deflate, br, zstd' };

describe('the SDK for pages', () => {
  it('comes as a script that any page may load, and asks for again after ten minutes', async () => {
    const { status, headers, body } = await ask('px.js');
    expect([status, String(body)]).toEqual([200, script]);
    expect(headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=600, stale-while-revalidate=86400',
      'access-control-allow-origin': '*',
      'cross-origin-resource-policy': 'cross-origin',
      'x-content-type-options': 'nosniff',
      vary: 'Accept-Encoding',
    });
    expect(headers['content-encoding']).toBeUndefined();
  });

  it.each([
    ['br', browser, brotliDecompressSync],
    ['gzip', { 'accept-encoding': 'gzip' }, gunzipSync],
    ['gzip', { 'accept-encoding': 'gzip, br;q=0' }, gunzipSync],
  ])('comes as %s where %o', async (encoding, headers, inflate) => {
    const answer = await ask('px.js', headers);
    expect(answer.headers['content-encoding']).toBe(encoding);
    expect(answer.body.length).toBeLessThan(script.length / 4);
    expect(String(inflate(answer.body))).toBe(script);
  });

  it('has a strong ETag for each encoding, and is not sent again to who has it', async () => {
    const tags = await Promise.all(
      [{}, browser, { 'accept-encoding': 'gzip' }].map(
        async (headers) => (await ask('px.js', headers)).headers['etag'],
      ),
    );
    expect(tags).toEqual([`"${hash}-identity"`, `"${hash}-br"`, `"${hash}-gzip"`]);
    const again = await ask('px.js', { ...browser, 'if-none-match': String(tags[1]) });
    expect([again.status, again.body.length]).toEqual([304, 0]);
    expect(again.headers).toMatchObject({ etag: tags[1], 'cache-control': expect.stringContaining('max-age=600') });
    expect((await ask('px.js', { ...browser, 'if-none-match': String(tags[2]) })).status).toBe(200);
  });

  it('tells its size without sending it, and takes no other method', async () => {
    const { status, headers, body } = await ask('px.js', {}, 'HEAD');
    expect([status, headers['content-length'], body.length]).toEqual([200, String(script.length), 0]);
    expect(await ask('px.js', {}, 'POST')).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } });
  });

  it('stands for ever under its hash, its parts beside it', async () => {
    const { status, headers, body } = await ask(`px.${hash}.js`);
    expect([status, String(body)]).toEqual([200, script]);
    expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect((await ask('px-gzip.js')).status).toBe(200);
  });

  it('leads a page that names another build to this one, kept by no cache', async () => {
    const { status, headers } = await ask(`px.${'0'.repeat(16)}.js`);
    expect([status, headers['location'], headers['cache-control']]).toEqual([302, 'px.js', 'no-cache']);
  });

  it('tells the long-lived names and the hashes for Subresource Integrity', async () => {
    const { headers, body } = await ask('integrity.json');
    expect(headers['cache-control']).toBe('no-cache');
    const told: Record<string, unknown> = JSON.parse(String(body));
    expect(Object.keys(told)).toEqual(['px-gzip.js', 'px.js', 'px.mjs']);
    expect(told['px.js']).toEqual({
      immutable: `px.${hash}.js`,
      integrity: `sha384-${sha384.toString('base64')}`,
    });
  });

  it('brings modules and source maps, and nothing else of the folder', async () => {
    expect((await ask('px.mjs')).headers['content-type']).toBe('text/javascript; charset=utf-8');
    expect((await ask('px.js.map')).headers['content-type']).toBe('application/json; charset=utf-8');
    const others = ['px.d.ts', '.stamp', 'px.cjs', '..%2fpx.js', '%2e%2e%2fpackage.json', 'constructor', ''];
    for (const path of others) expect([path, (await ask(path)).status]).toEqual([path, 404]);
  });

  it('is logged and measured under one name', async () => {
    await ask('px.js');
    await expect.poll(() => server.logLines.at(-1)).toMatchObject({ route: '/sdk/:file', status: 200, outcome: 'ok' });
  });
});

describe('readSdkFiles', () => {
  it('refuses a folder without a build, and says what to do', () => {
    for (const folder of [join(dir, 'empty'), join(dir, 'nowhere')]) {
      const thrown = catchThrown(() => readSdkFiles(folder));
      expect(isAppError(thrown, 'config_invalid') && thrown.message).toContain('npm run build');
    }
  });
});

function catchThrown(run: () => unknown): unknown {
  try {
    return run();
  } catch (thrown) {
    return thrown;
  }
}
