import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { openPgliteControl } from './pglite.ts';

const program = join(import.meta.dirname, '../test/create-keys-until-killed.ts');
const root = await mkdtemp(join(tmpdir(), 'px-control-kill-'));
const kills = 5;
afterAll(() => rm(root, { recursive: true, force: true }));

describe('openPgliteControl in a process that is killed', () => {
  it('keeps every key that was answered for', async () => {
    const path = join(root, 'control');
    const answered: string[] = [];
    for (let kill = 0; kill < kills; kill++) {
      answered.push(...(await runUntil((hashes) => hashes.length >= 20 + kill * 37, path)));
    }
    const store = await openPgliteControl({ path });
    const grants = await Promise.all(answered.map((hash) => store.findGrant(hash)));
    await store.close();
    expect(answered.length).toBeGreaterThan(kills * 20);
    expect(grants.filter((grant) => grant === null)).toEqual([]);
  }, 120_000);

  it('starts anew after a kill half way through the first start', async () => {
    const path = join(root, 'half');
    await runUntil(() => globSync(`${path}.new-*/PG_VERSION`).length > 0, path);
    expect(existsSync(path)).toBe(false);
    const store = await openPgliteControl({ path });
    expect(await store.listTenants()).toEqual([]);
    await store.close();
  }, 60_000);
});

/** Runs the program and kills it once the condition holds; gives the hashes that it had printed. */
async function runUntil(isEnough: (hashes: string[]) => boolean, path: string): Promise<string[]> {
  const child = spawn(process.execPath, [program, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => {
    printed += chunk.toString();
  });
  const ended = new Promise((resolve) => child.once('close', resolve));
  const toHashes = () => printed.split('\n').slice(0, -1);
  for (let waitedMs = 0; !isEnough(toHashes()); waitedMs += 5) {
    if (waitedMs > 30_000 || hasEnded(child)) throw new Error(`the program printed only ${toHashes().length} keys`);
    await delay(5);
  }
  child.kill('SIGKILL');
  await ended;
  return toHashes();
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}
