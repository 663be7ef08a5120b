import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';

const script = fileURLToPath(new URL('../.ci/run', import.meta.url));

// The machine of these tests has no tools but these, and stand-ins that write down how they were called.
const commands = [
  'chromium',
  'firefox-esr',
  'WebKitWebDriver',
  'Xvfb',
  'redis-server',
  'curl',
  'strace',
  'java',
  'mvn',
  'haproxy',
  'ip',
  'openssl',
];
let machine = '';

beforeEach(() => {
  machine = mkdtempSync(join(tmpdir(), 'px-ci-'));
  mkdirSync(join(machine, 'bin'));
  for (const name of ['bash', 'dirname', 'env']) {
    symlinkSync(execFileSync('which', [name]).toString().trim(), join(machine, 'bin', name));
  }
  tool('id', 'echo 0');
  tool('apt-get', 'echo "apt-get $@" >> "$HOME/calls"');
  for (const command of commands) tool(command, ':');
  mkdirSync(join(machine, '15/bin'), { recursive: true });
  writeFileSync(join(machine, '15/bin/initdb'), '');
  npm({ check: 0, test: 0 });
});
afterEach(() => rmSync(machine, { recursive: true, force: true }));

it('checks, then tests, and closes with the line', () => {
  expect(run()).toEqual({ status: 0, lastLine: '5 passed, 0 failed' });
  expect(calls()).toEqual(['npm run check --silent', 'npm test --silent']);
});

it.each([
  ['check', { check: 1, test: 0 }],
  ['test', { check: 0, test: 1 }],
])('fails where the %s fails, and closes with the line all the same', (_, codes) => {
  npm(codes);
  expect(run()).toEqual({ status: 1, lastLine: '5 passed, 0 failed' });
});

it('installs Chromium where there is none', () => {
  rmSync(join(machine, 'bin/chromium'));
  expect(run().status).toBe(0);
  expect(calls().slice(0, 2)).toEqual(['apt-get update', 'apt-get install -y --no-install-recommends chromium']);
});

it('installs all that is missing, at once', () => {
  for (const command of commands) rmSync(join(machine, 'bin', command));
  rmSync(join(machine, '15'), { recursive: true });
  expect(run().status).toBe(0);
  expect(calls()[1]).toBe(
    'apt-get install -y --no-install-recommends chromium firefox-esr webkit2gtk-driver xvfb redis-server postgresql curl strace openjdk-17-jre-headless maven haproxy iproute2 openssl',
  );
});

it('asks sudo where it is not root', () => {
  rmSync(join(machine, 'bin/chromium'));
  tool('id', 'echo 1000');
  tool('sudo', 'echo "sudo $@" >> "$HOME/calls"');
  run();
  expect(calls()[0]).toBe('sudo apt-get update');
});

function tool(name: string, body: string): void {
  writeFileSync(join(machine, 'bin', name), `#!/bin/sh\n${body}\n`);
  chmodSync(join(machine, 'bin', name), 0o755);
}

function npm(codes: { check: number; test: number }): void {
  const report = 'case "$*" in *check*) echo checked; exit CHECK;; *) echo "5 passed, 0 failed"; exit TEST;; esac';
  const exits = report.replace('CHECK', String(codes.check)).replace('TEST', String(codes.test));
  tool('npm', `echo "npm $@" >> "$HOME/calls"\n${exits}`);
}

function calls(): string[] {
  const file = join(machine, 'calls');
  return existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : [];
}

function run(): { status: number | null; lastLine: string | undefined } {
  const env = { PATH: join(machine, 'bin'), HOME: machine, POSTGRES_ROOT: machine };
  const { status, stdout } = spawnSync('/bin/bash', [script], { env, encoding: 'utf8' });
  return { status, lastLine: stdout.trimEnd().split('\n').at(-1) };
}
