import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

// The script runs in a small copy of the repository, where npx, rollup and the server are stand-ins
// that write down how they were called.
let house = '';
const started: ChildProcess[] = [];

beforeEach(() => {
  house = mkdtempSync(join(tmpdir(), 'px-scripts-'));
  cpSync(new URL('.', import.meta.url), join(house, 'scripts'), { recursive: true });
  write('package.json', '{ "packageManager": "pnpm@10.0.0", "type": "module" }');
  write('pnpm-workspace.yaml', 'packages:\n  - sdk\n  - infra/*\n\nautoInstallPeers: false\n');
  write('pnpm-lock.yaml', 'lockfileVersion: 9');
  write('sdk/package.json', '{ "name": "sdk" }');
  write('sdk/src/client.ts', '');
  write('infra/log/package.json', '{ "name": "log" }');
  mkdirSync(join(house, 'node_modules/node/bin'), { recursive: true });
  symlinkSync(process.execPath, join(house, 'node_modules/node/bin/node'));
  writePackage(
    'node_modules/vitest',
    'vitest',
    'console.log("vitest", ...process.argv.slice(2), process.env.PX_CHROMIUM, "compiled:", process.env.NODE_COMPILE_CACHE)',
  );
  writeTool('npx', 'echo "$@" >> npx-calls');
  writeTool('chromium', 'exit 0');
  built(0);
});

afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
  rmSync(house, { recursive: true, force: true });
});

describe('installing', () => {
  it('runs the pinned pnpm once, and again where the lockfile or a manifest changes', async () => {
    await px('build');
    await px('build');
    expect(installs()).toEqual(['--yes pnpm@10.0.0 install --frozen-lockfile --config.confirmModulesPurge=false']);
    write('infra/log/package.json', '{ "name": "log", "dependencies": {} }');
    await px('build');
    write('pnpm-lock.yaml', 'lockfileVersion: 10');
    await px('build');
    expect(installs()).toHaveLength(3);
  });

  it('says nothing of an install that works, and all of one that fails', async () => {
    writeTool('npx', 'echo chatter');
    expect((await px('build')).output).not.toContain('chatter');
    rmSync(join(house, 'node_modules/.px-installed'));
    writeTool('npx', 'echo chatter; exit 7');
    expect(await px('build')).toMatchObject({ code: 1, output: expect.stringContaining('chatter') });
  });

  it('puts the Node binary itself where npm looks for one', async () => {
    write('node_modules/.bin/node', 'a script of pnpm');
    await px('build');
    expect(readlinkSync(join(house, 'node_modules/.bin/node'))).toBe('../node/bin/node');
  });

  it('tries again after a failure', async () => {
    writeTool('npx', 'exit 7');
    expect((await px('build')).code).toBe(1);
    writeTool('npx', 'exit 0');
    expect((await px('build')).code).toBe(0);
  });

  it('names npm where npx is missing', async () => {
    rmSync(join(house, 'tools/npx'));
    expect(await px('build')).toMatchObject({ code: 1, output: expect.stringContaining('apt-get install -y npm') });
  });

  it('names the registry where it cannot be reached', async () => {
    writeTool('npx', 'echo "npm error code ENOTFOUND" >&2; exit 1');
    expect((await px('build')).output).toContain('registry could not be reached');
  });

  it('names the command for a Node 24 that is not there', async () => {
    rmSync(join(house, 'node_modules/node/bin/node'));
    expect((await px('build')).output).toContain('npx --yes pnpm@10.0.0 rebuild node');
  });
});

describe('building the SDK', () => {
  it('builds where a source has changed and not otherwise', async () => {
    expect((await px('build')).output).toContain('building the SDK');
    expect((await px('build')).output).not.toContain('building the SDK');
    write('sdk/src/client.ts', 'export {};');
    expect((await px('build')).output).toContain('building the SDK');
  });

  it('shows what rollup says where it fails, and builds again the next time', async () => {
    built(3);
    expect(await px('build')).toMatchObject({ code: 1, output: expect.stringContaining('rollup says no') });
    built(0);
    expect((await px('build')).output).toContain('building the SDK');
  });
});

describe('test', () => {
  it('gives vitest the arguments and the browser', async () => {
    const { output } = await px('test', 'infra/log');
    expect(output).toContain(
      `vitest run --project parts --project whole --project measured --project loss infra/log ${join(house, 'tools/chromium')}`,
    );
  });

  it('keeps what Node has compiled', async () => {
    expect((await px('test')).output).toContain(`compiled: ${join(house, 'node_modules/.cache/node-compile')}\n`);
  });

  it('leaves the choice of projects to whoever names one', async () => {
    const { output } = await px('test', '--project', 'loss');
    expect(output).toContain(`vitest run --project loss ${join(house, 'tools/chromium')}`);
  });

  it.each([
    ['is missing', () => rmSync(join(house, 'tools/chromium'))],
    ['does not start', () => writeTool('chromium', 'exit 127')],
  ])('fails where Chromium %s, names the command and closes with the line', async (_, harm) => {
    harm();
    const { code, output } = await px('test');
    expect(code).toBe(1);
    expect(output).toContain('apt-get install -y chromium');
    expect(output.trimEnd().split('\n').at(-1)).toBe('0 passed, 1 failed');
  });
});

describe('start', () => {
  const server = `
    let count = 0;
    process.on('SIGINT', () => {
      count += 1;
      console.log('asked');
      if (count === 1) setTimeout(() => { console.log('drained after', count); process.exit(0); }, 300);
    });
    process.on('SIGTERM', () => { console.log('terminated'); process.exit(0); });
    setInterval(() => {}, 1000);
    console.log('ready', process.pid);
  `;

  it('passes a doubled Ctrl-C on once, waits for the server to drain and ends as it does', async () => {
    write('standalone/src/main.ts', server);
    const run = spawnPx('start');
    await run.printed('ready');
    run.child.kill('SIGINT');
    await run.printed('asked');
    run.child.kill('SIGINT');
    expect(await run.ended).toBe(0);
    expect(run.output()).toContain('drained after 1\n');
  });

  it('passes the exit code of the server on', async () => {
    write('standalone/src/main.ts', 'process.exit(3)');
    expect((await px('start')).code).toBe(3);
  });

  it('ends with the server where what started it is killed outright', async () => {
    write('standalone/src/main.ts', server);
    const env = { PATH: join(house, 'tools'), npm_lifecycle_event: 'start' };
    const npm = spawn('/bin/sh', ['-c', `"${process.execPath}" scripts/px.mjs start; true`], { cwd: house, env });
    started.push(npm);
    const run = watch(npm);
    await run.printed('ready');
    npm.kill('SIGKILL');
    await run.ended;
    expect(run.output()).toContain('terminated');
  });

  it('ends the server where the script itself is killed outright', async () => {
    write('standalone/src/main.ts', server);
    const run = spawnPx('start');
    await run.printed('ready');
    run.child.kill('SIGKILL');
    await run.printed('terminated');
  });
});

it('refuses an unknown command with the list', async () => {
  expect(await px('launch')).toMatchObject({ code: 2, output: expect.stringContaining('start, test, check') });
});

function write(path: string, text: string): void {
  mkdirSync(join(house, path, '..'), { recursive: true });
  writeFileSync(join(house, path), text);
}

function writePackage(path: string, command: string, source: string): void {
  write(`${path}/package.json`, JSON.stringify({ type: 'module', bin: { [command]: 'main.js' } }));
  write(`${path}/main.js`, source);
}

function writeTool(name: string, script: string): void {
  write(`tools/${name}`, `#!/bin/sh\n${script}\n`);
  chmodSync(join(house, 'tools', name), 0o755);
}

function built(code: number): void {
  writePackage('sdk/node_modules/rollup', 'rollup', `console.log("rollup says no"); process.exit(${code})`);
}

function installs(): string[] {
  return readFileSync(join(house, 'npx-calls'), 'utf8').trimEnd().split('\n');
}

function spawnPx(...args: string[]) {
  const env = { PATH: join(house, 'tools'), HOME: house };
  const child = spawn(process.execPath, [join(house, 'scripts/px.mjs'), ...args], { cwd: house, env });
  started.push(child);
  return watch(child);
}

function watch(child: ChildProcessWithoutNullStreams) {
  let text = '';
  const printed = (wanted: string): Promise<void> =>
    new Promise((resolve) => {
      const look = () => text.includes(wanted) && resolve();
      child.stdout.on('data', look);
      look();
    });
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
  }
  const ended = once(child, 'close').then(([code]: unknown[]) => code);
  return { child, ended, printed, output: () => text };
}

async function px(...args: string[]): Promise<{ code: unknown; output: string }> {
  const run = spawnPx(...args);
  return { code: await run.ended, output: run.output() };
}
