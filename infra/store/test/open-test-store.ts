import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@px-platform/runtime';
import { connectEmbedded } from '../src/connect-embedded.ts';
import type { Engine } from '../src/engine.ts';
import { openEmbeddedStore } from '../src/open-embedded.ts';
import { connectServer, openServerStore } from '../src/open-server.ts';
import type { OpenStore } from '../src/open-store.ts';
import { startTestServer } from './start-test-server.ts';

/** An open store, and a connection of the test's own to the engine below it. */
export interface TestStore extends OpenStore {
  readonly engine: Engine;
}

/** Opens chdb in this process on a new folder; the folder goes with the store. */
export async function openEmbeddedTestStore(): Promise<TestStore> {
  const path = mkdtempSync(join(tmpdir(), 'px-store-'));
  const open = await openEmbeddedStore({ path, clock: systemClock });
  return withCleanup({ ...open, engine: connectEmbedded(path) }, () => rmSync(path, { recursive: true, force: true }));
}

/** Starts the engine behind HTTP in a process of its own and opens it as a server; both end with the store. */
export async function openServerTestStore(): Promise<TestStore & { readonly url: string }> {
  const { url, stop } = await startTestServer();
  const open = await openServerStore({ urls: [url], clock: systemClock });
  return { ...withCleanup({ ...open, engine: connectServer(url) }, stop), url };
}

function withCleanup(open: TestStore, cleanUp: () => void | Promise<void>): TestStore {
  const close = async (): Promise<void> => {
    await open.engine.close();
    await open.store.close();
    await cleanUp();
  };
  return { ...open, store: { ...open.store, close } };
}
