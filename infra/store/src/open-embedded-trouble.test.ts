import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@px-platform/runtime';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { storeEvents } from '../test/store-events.ts';
import { openEmbeddedStore } from './open-embedded.ts';

let folder: string;
const children: ChildProcess[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'px-trouble-'));
});
afterEach(async () => {
  await Promise.all(children.splice(0).map(end));
  rmSync(folder, { recursive: true, force: true });
});

/** Starts `hold-store.ts`; gives the process and what it said first. */
async function hold(path: string): Promise<{ child: ChildProcess; said: string }> {
  const script = join(import.meta.dirname, '../test/hold-store.ts');
  const child = spawn(process.execPath, [script, path], { stdio: ['ignore', 'pipe', 'ignore'] });
  children.push(child);
  const said = await new Promise<string>((resolve, reject) => {
    child.stdout?.once('data', (line: Buffer) => resolve(line.toString().trim()));
    child.once('exit', (code) => reject(new Error(`ended with ${code} and said nothing`)));
  });
  return { child, said };
}

function end(child: ChildProcess): Promise<unknown> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  return ended;
}

it('refuses a folder on which another process works, and says what to do', async () => {
  const path = join(folder, 'store');
  expect((await hold(path)).said).toBe('stored');
  const error = openEmbeddedStore({ path, clock: systemClock });
  await expect(error).rejects.toMatchObject({
    code: 'data_dir_in_use',
    message: expect.stringMatching(/another process works on this data folder.*DATA_DIR/),
  });
});

it('holds what it acknowledged when it is killed right after, and opens again', async () => {
  const path = join(folder, 'store');
  const { child, said } = await hold(path);
  expect(said).toBe('stored');
  await end(child);
  const { store, applied } = await openEmbeddedStore({ path, clock: systemClock });
  expect(applied).toEqual([]);
  const held = await store.heldOf({ logId: 'log-reader', partition: 1, fromOffset: 0 });
  await store.close();
  expect([...held].map((place) => place.slice(0, 3)).toSorted()).toEqual(['0:0', '1:0', '2:0']);
});

it.each(["it's \\ a name", 'a {pattern}* of [names]?'])(
  'takes rows in a folder called %s, and leaves none of them behind',
  async (name) => {
    const path = join(folder, name);
    const { store } = await openEmbeddedStore({ path, clock: systemClock });
    await storeEvents(store, { projectId: 'prj_a', partition: 1 }, [{}, {}]);
    const held = await store.heldOf({ logId: 'log-reader', partition: 1, fromOffset: 0 });
    await store.close();
    expect(held.size).toBe(2);
    expect(readdirSync(path).filter((file) => file.endsWith('.bin'))).toEqual([]);
  },
);

it('refuses a folder that is a file', async () => {
  const path = join(folder, 'file');
  writeFileSync(path, '');
  await expect(openEmbeddedStore({ path, clock: systemClock })).rejects.toMatchObject({
    code: 'data_dir_unusable',
    message: expect.stringContaining(path),
  });
});

it('refuses a folder that it may not write to', async () => {
  const path = join(folder, 'store');
  mkdirSync(path, { mode: 0o555 });
  await expect(asNobody(() => openEmbeddedStore({ path, clock: systemClock }))).rejects.toMatchObject({
    code: 'data_dir_unusable',
    message: expect.stringContaining('DATA_DIR'),
  });
});

/** Root may write anywhere, so it puts its rights aside for the call. */
function asNobody<T>(call: () => T): T {
  if (process.geteuid?.() !== 0) return call();
  chmodSync(folder, 0o755);
  process.seteuid?.(65_534);
  try {
    return call();
  } finally {
    process.seteuid?.(0);
  }
}
