import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@px-platform/runtime';
import { openEmbeddedStore } from '../src/open-embedded.ts';
import { openServerStore } from '../src/open-server.ts';
import type { OpenStore } from '../src/open-store.ts';

/** Opens chdb in this process on a new folder; the folder goes with the store. */
export async function openEmbeddedTestStore(): Promise<OpenStore> {
  const path = mkdtempSync(join(tmpdir(), 'px-store-'));
  const open = await openEmbeddedStore({ path, clock: systemClock });
  return withCleanup(open, () => rmSync(path, { recursive: true, force: true }));
}

/** Starts the engine behind HTTP in a process of its own and opens it as a server; both end with the store. */
export async function openServerTestStore(): Promise<OpenStore> {
  const path = mkdtempSync(join(tmpdir(), 'px-server-'));
  const child = spawn(process.execPath, [join(import.meta.dirname, 'chdb-http-server.ts'), path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const port = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (line: Buffer) => resolve(line.toString().trim()));
    child.once('exit', (code) => reject(new Error(`the engine's server ended with ${code}`)));
  });
  const open = await openServerStore({ url: `http://127.0.0.1:${port}`, clock: systemClock });
  return withCleanup(open, async () => {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await ended;
    rmSync(path, { recursive: true, force: true });
  });
}

function withCleanup(open: OpenStore, cleanUp: () => void | Promise<void>): OpenStore {
  const close = async (): Promise<void> => {
    await open.store.close();
    await cleanUp();
  };
  return { ...open, store: { ...open.store, close } };
}
