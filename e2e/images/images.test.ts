import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { childrenOf } from '../../infra/runtime/test/children-of.ts';
import { findFreePort } from '../../infra/runtime/test/find-free-port.ts';
import { makeProject } from '../chaos/start-stack.ts';
import { exportRecentRows, makeServerKey } from '../src/standalone-process.ts';
import { buildImage, type Image, openWorkshop, type Workshop } from './build-image.ts';
import { openServices } from './open-services.ts';
import { readDockerfile, type Step } from './read-dockerfile.ts';
import { type RootCommand, runInRoot, startInRoot } from './root-folder.ts';

const repository = fileURLToPath(new URL('../../', import.meta.url));
const manifest = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8'));
const stages = readDockerfile(join(repository, 'docker/Dockerfile'));
const buildTimeoutMs = 600_000;

let folder = '';
let workshop: Workshop;
const started: ReturnType<typeof startInRoot>[] = [];

beforeAll(() => {
  if (process.getuid?.() !== 0) throw new Error('To build root folders takes root: `sudo npm test -- e2e/images`.');
  folder = mkdtempSync(join(tmpdir(), 'px-images-'));
  workshop = openWorkshop(folder, repository, stages);
});
afterEach(async () => {
  for (const child of started.splice(0).filter(({ exitCode }) => exitCode === null)) {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the Dockerfile', () => {
  it('begins with the Node and the pnpm that package.json pins', () => {
    const foreign = stages.map(({ from }) => from).filter((from) => from.includes(':'));
    expect(foreign).toEqual([`node:${manifest.devDependencies.node}-bookworm-slim`]);
    const installs = stages.flatMap(({ steps }) => steps.map(({ text }) => text)).filter((text) => /pnpm@/.test(text));
    expect(installs).toEqual([`npm install --global ${manifest.packageManager}`]);
  });

  it.each([
    ['a step that fails', { keyword: 'RUN', text: 'echo so it is; exit 3' }, /ended with 3:\nso it is/],
    ['a file that is not there', { keyword: 'COPY', words: ['nowhere', './'] }, /nowhere: it is not there/],
    ['a file that .dockerignore holds back', { keyword: 'COPY', words: ['README.md', './'] }, /holds it back/],
    ['a kind of step that is not known', { keyword: 'ONBUILD', text: 'RUN true' }, /ONBUILD/],
  ])('ends the build at %s', async (name, step: Partial<Step>, reason) => {
    const stage = { name, from: 'node:any', steps: [{ keyword: '', text: '', words: [], flags: {}, ...step }] };
    await expect(buildImage({ ...workshop, stages: [stage] }, name)).rejects.toThrow(reason);
  });
});

describe('standalone', () => {
  let image: Image;
  let settings: Omit<RootCommand, 'command'>;
  beforeAll(async () => {
    image = await buildImage(workshop, 'standalone');
    settings = await toContainer(image);
  }, buildTimeoutMs);

  it('holds what it needs to run, and neither tests nor what builds and checks', () => {
    expect(listPackages(image)).toEqual(expect.arrayContaining(['chdb', 'express', 'lmdb', '@electric-sql+pglite']));
    expectOnlyProduction(image);
  });

  it('is no root, and can write to its volume and /tmp alone', async () => {
    const attempt = (words: string) => runInRoot({ ...settings, command: ['/bin/sh', '-c', words] });
    expect((await attempt('id -u; id -G; touch /tmp/a /var/lib/px/a; rm /var/lib/px/a')).output).toBe('1000\n1000\n');
    for (const path of ['/app/a', '/app/server/a', '/a', '/home/node/a', '/usr/local/bin/a']) {
      expect((await attempt(`touch ${path}`)).output, path).toMatch(/Read-only file system/);
    }
    const { output } = await attempt('grep -E "^(Cap(Eff|Bnd)|NoNewPrivs)" /proc/self/status');
    expect(output.replaceAll(/\s+/g, ' ')).toBe('CapEff: 0000000000000000 CapBnd: 0000000000000000 NoNewPrivs: 1 ');
  });

  it('starts, is healthy, takes an event, and ends with 0, twice on one volume', async () => {
    const isHealthy = async () => (await runInRoot({ ...settings, command: image.healthCommand })).code === 0;
    expect(await isHealthy()).toBe(false);
    for (const which of ['first', 'second']) {
      const child = start({ ...settings, command: image.command });
      const ended = once(child, 'exit');
      const output = collect(child);
      await Promise.race([output.until('is ready'), ended]);
      expect(output.text(), which).toContain('is ready');
      expect(await isHealthy()).toBe(true);
      const [, key = ''] = /Key +(px_pub_\S+)/.exec(output.text()) ?? [];
      const answer = await fetch(`http://127.0.0.1:${settings.env['PORT']}/api/v1/events`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' },
        body: JSON.stringify({ event: 'hello', anonymous_id: which }),
      });
      expect(answer.status).toBe(202);
      const [first = 0] = childrenOf(child.pid ?? 0);
      expect(readFileSync(`/proc/${first}/status`, 'utf8')).toMatch(/^Uid:\t1000\t1000\t/m);
      process.kill(first, 'SIGTERM');
      expect(await ended).toEqual([0, null]);
      expect(await isHealthy()).toBe(false);
    }
  });
});

describe.each([
  { name: 'server', entry: 'server/src/main.ts', index: 'server/src/index.ts' },
  { name: 'processor', entry: 'processor/src/main.ts', index: 'processor/src/index.ts' },
])('$name', ({ name, entry, index }) => {
  let image: Image;
  let settings: Omit<RootCommand, 'command'>;
  beforeAll(async () => {
    image = await buildImage(workshop, name);
    settings = await toContainer(image);
  }, buildTimeoutMs);

  it('holds what it needs to run, and neither tests nor an engine nor what builds and checks', async () => {
    const { code, output } = await runInRoot({
      ...settings,
      command: ['node', '--input-type=module', '--eval', `await import('/app/${index}'); console.log('loaded')`],
    });
    expect({ code, output }).toEqual({ code: 0, output: 'loaded\n' });
    expectOnlyProduction(image);
    expect(globSync('node_modules/.pnpm/@chdb+lib-*', { cwd: join(image.root, 'app') })).toEqual([]);
  });

  it('starts what it is named for, which says what it wants to be told', async () => {
    expect(image.command).toEqual(['node', entry]);
    const { code, output } = await runInRoot({ ...settings, command: image.command });
    expect({ code, output }).toEqual({ code: 1, output: expect.stringContaining('KAFKA_BOOTSTRAP_SERVERS') });
  });
});

describe('server and processor', () => {
  it(
    'run on services as a container would, and an event of the one is stored by the other; SIGTERM ends each in time',
    async () => {
      const services = await openServices(join(folder, 'services'));
      const adminToken = services.PX_ADMIN_TOKEN;
      const startPart = async (name: string) => {
        const image = await buildImage(workshop, name);
        const { env, ...container } = await toContainer(image);
        const settings = { ...container, env: { ...env, ...services } };
        const child = start({ ...settings, command: image.command });
        return { name, child, port: env['PORT'], output: collect(child), image, settings };
      };
      // One is built after the other, on the same base.
      const server = await startPart('server');
      const parts = [server, await startPart('processor')];
      for (const { name, output, image, settings } of parts) {
        const isHealthy = async () => (await runInRoot({ ...settings, command: image.healthCommand })).code === 0;
        await expect.poll(isHealthy, { timeout: 60_000 }).toBe(true);
        expect(output.text(), name).not.toContain('"level":"error"');
      }
      const url = `http://127.0.0.1:${server.port}`;
      const project = await makeProject(url);
      const answer = await fetch(`${url}/api/v1/events`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${project.apiKey}`, 'Content-Type': 'application/json' },
        body: JSON.stringify({ event: 'hello', anonymous_id: 'me' }),
      });
      expect(answer.status).toBe(202);
      const key = await makeServerKey({ url, adminToken, ...project });
      const readNames = async () => (await exportRecentRows({ url }, key)).map((row) => row['event']);
      await expect.poll(readNames, { timeout: 60_000, interval: 250 }).toEqual(['hello']);
      const asked = await fetch(`${url}/api/v1/query`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' },
        body: JSON.stringify({ question: 'breakdown', by: 'event', ...aroundNow() }),
      });
      expect(JSON.stringify(await asked.json())).toContain('hello');
      for (const { name, child } of parts) {
        const [first = 0] = childrenOf(child.pid ?? 0);
        expect(readFileSync(`/proc/${first}/status`, 'utf8'), name).toMatch(/^Uid:\t1000\t1000\t/m);
        process.kill(first, 'SIGTERM');
      }
      // What Docker gives a container before it kills it.
      await expect.poll(() => parts.map(({ child }) => child.exitCode), { timeout: 10_000 }).toEqual([0, 0]);
    },
    buildTimeoutMs,
  );
});

describe('provision-demo', () => {
  it(
    'makes the demo project on a server, prints its key, and does no harm at a second start',
    async () => {
      const standalone = await buildImage(workshop, 'standalone');
      const server = await toContainer(await buildImage(workshop, 'server'));
      const { env, ...settings } = await toContainer(standalone);
      const PX_ADMIN_TOKEN = 'a-token-of-this-test';
      const command = ['node', 'docker/provision/provision-demo.mjs'];
      const asked = { ...server, command, env: { PX_URL: `http://127.0.0.1:${env['PORT']}`, PX_ADMIN_TOKEN } };
      const child = start({
        ...settings,
        env: { ...env, PX_DEMO: 'off', PX_ADMIN_TOKEN },
        command: standalone.command,
      });
      const ended = once(child, 'exit');
      await Promise.race([collect(child).until('is ready'), ended]);
      const refused = await runInRoot({ ...asked, env: { ...asked.env, PX_ADMIN_TOKEN: 'another-token-of-this' } });
      expect(refused.code).toBe(1);
      const first = await runInRoot(asked);
      expect(first.code, first.output).toBe(0);
      const [, key] = /Key +(px_pub_live_\w+)/.exec(first.output) ?? [];
      const answer = await fetch(`${asked.env.PX_URL}/api/v1/events`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' },
        body: JSON.stringify({ event: 'hello', anonymous_id: 'me' }),
      });
      expect(answer.status).toBe(202);
      const second = await runInRoot(asked);
      expect(second).toEqual({ code: 0, output: expect.stringContaining('made before') });
      const [pid = 0] = childrenOf(child.pid ?? 0);
      process.kill(pid, 'SIGTERM');
      expect(await ended).toEqual([0, null]);
    },
    buildTimeoutMs,
  );
});

function aroundNow(): { readonly from: string; readonly to: string } {
  const toInstant = (offsetMs: number) => new Date(Date.now() + offsetMs).toISOString();
  return { from: toInstant(-3_600_000), to: toInstant(3_600_000) };
}

/** As compose.yml runs it: a volume of its own at each place that the image names for one, a port of this machine. */
async function toContainer(image: Image): Promise<Omit<RootCommand, 'command'>> {
  const volume = mkdtempSync(join(folder, 'volume-'));
  const mounts = image.volumes.map((inside, at) => {
    const outside = join(volume, String(at));
    execFileSync('cp', ['--archive', join(image.root, inside), outside]);
    return [inside, outside];
  });
  const port = String(await findFreePort());
  const env = { ...image.env, PORT: port, PROCESSOR_PORT: port, HOST: '127.0.0.1' };
  const { root, folder: workFolder, user } = image;
  return { root, folder: workFolder, user, env, mounts: Object.fromEntries(mounts), isConfined: true };
}

function listPackages({ root }: Image): string[] {
  return globSync('node_modules/.pnpm/*@*', { cwd: join(root, 'app') }).map((path) =>
    path.replace('node_modules/.pnpm/', '').replace(/(?<=.)@.*$/, ''),
  );
}

function expectOnlyProduction(image: Image): void {
  const forbidden = ['vitest', 'typescript', 'rollup', 'esbuild', 'playwright-core', '@biomejs+biome', 'fast-check'];
  expect(listPackages(image).filter((name) => forbidden.includes(name))).toEqual([]);
  const app = { cwd: join(image.root, 'app'), exclude: ['**/node_modules'] };
  expect(globSync('{schemas,infra,server,processor,standalone,sdk}/**/*.ts', app).length).toBeGreaterThan(50);
  expect(globSync(['**/*.test.ts', '**/test', '**/.env', '.git', 'e2e', 'bench', 'docs'], app)).toEqual([]);
}

/** Starts a command that is ended with its test, at the latest. */
function start(command: RootCommand): ReturnType<typeof startInRoot> {
  const child = startInRoot(command);
  started.push(child);
  return child;
}

/** Gathers what a process writes. */
function collect({ stdout, stderr }: ReturnType<typeof startInRoot>): {
  text(): string;
  until(part: string): Promise<void>;
} {
  let text = '';
  const add = (chunk: unknown) => {
    text += String(chunk);
  };
  stdout.on('data', add);
  stderr.on('data', add);
  return {
    text: () => text,
    async until(part) {
      while (!text.includes(part)) await once(stdout, 'data');
    },
  };
}
