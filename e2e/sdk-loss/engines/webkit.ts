import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePort } from '../../../infra/runtime/test/find-free-port.ts';

import { waitFor } from '../polling.ts';
import type { Engine, MortalBrowser, Profile, Tab } from './engine.ts';
import { requireProgram } from './installed.ts';
import { endChild, endWithUs, findDescendants, signalAll } from './processes.ts';
import { openSession, type WebDriverSession } from './webdriver-session.ts';
import { openScreen } from './xvfb.ts';

const rendererNames = ['WebKitWebProces'];

/** Opens Debian's WebKitGTK: its MiniBrowser under Xvfb, by WebKitWebDriver. Each profile is a browser of its own. */
export async function openWebkit(): Promise<Engine> {
  const programs = {
    driver: requireProgram(['/usr/bin/WebKitWebDriver'], 'webkit2gtk-driver'),
    browser: requireProgram(
      ['x86_64-linux-gnu', 'aarch64-linux-gnu'].flatMap((machine) =>
        ['webkit2gtk-4.1', 'webkit2gtk-4.0', 'webkitgtk-6.0'].map((api) => `/usr/lib/${machine}/${api}/MiniBrowser`),
      ),
      'webkit2gtk-driver',
    ),
  };
  const screen = await openScreen();
  const env = { ...process.env, DISPLAY: screen.display, GDK_BACKEND: 'x11' };
  const first = await openDriven(programs, env);
  const { browserVersion } = first.session;
  await first.end();
  return {
    name: 'webkit',
    version: `WebKitGTK ${browserVersion}`,
    openProfile: async () => toProfile(await openDriven(programs, env)),
    openMortal: async () => openMortalWebkit(programs.browser, env),
    close: () => screen.close(),
  };
}

interface Driven {
  readonly session: WebDriverSession;
  end(): Promise<void>;
}

/** A driver holds one session, and a session's browser keeps nothing on disk: a profile needs both for itself. */
async function openDriven(programs: { driver: string; browser: string }, env: NodeJS.ProcessEnv): Promise<Driven> {
  const port = await findFreePort();
  const driver = endWithUs(spawn(programs.driver, [`--port=${port}`, '--host=127.0.0.1'], { env, stdio: 'ignore' }));
  const url = `http://127.0.0.1:${port}`;
  const isReady = () =>
    fetch(`${url}/status`).then(
      (response) => response.ok,
      () => false,
    );
  await waitFor('WebKitWebDriver', isReady);
  const session = await openSession(url, {
    alwaysMatch: { 'webkitgtk:browserOptions': { binary: programs.browser, args: ['--automation'] } },
  });
  return {
    session,
    end: async () => {
      const browsers = findDescendants(driver.pid ?? 0, ['MiniBrowser']);
      await session.end().catch(() => undefined);
      signalAll(browsers, 'SIGKILL');
      await endChild(driver);
    },
  };
}

function toProfile({ session, end }: Driven): Profile {
  return {
    // The session's own first window stays empty: a session ends with its last window.
    openTab: async () => toTab(session, await session.openWindow()),
    setOffline: null,
    close: end,
  };
}

function toTab(session: WebDriverSession, handle: string): Tab {
  return {
    goto: (url) => session.goto(handle, url),
    evaluate: (expression) => session.execute(handle, `return (${expression})`),
    start: (statements) => void session.execute(handle, statements).catch(() => undefined),
    click: (selector) => session.click(handle, selector),
    close: () => session.closeWindow(handle),
  };
}

/**
 * A driven MiniBrowser ends its session when a renderer dies, so this one has no driver: it is started on an address
 * with a profile on disk, and started again to show the next.
 */
function openMortalWebkit(program: string, env: NodeJS.ProcessEnv): MortalBrowser {
  const dir = mkdtempSync(join(tmpdir(), 'px-webkit-'));
  const folders = { XDG_DATA_HOME: join(dir, 'data'), XDG_CACHE_HOME: join(dir, 'cache'), XDG_CONFIG_HOME: dir };
  let child: ChildProcess | null = null;
  const findRenderers = () => findDescendants(child?.pid ?? 0, rendererNames);
  const endBrowser = async () => {
    if (child === null) return;
    const renderers = findRenderers();
    await endChild(child);
    signalAll(renderers, 'SIGKILL');
  };
  return {
    show: async (url) => {
      if (child !== null) await untilWritten(dir);
      await endBrowser();
      child = endWithUs(spawn(program, [url], { env: { ...env, ...folders }, stdio: 'ignore' }));
    },
    freeze: async () => signalAll(findRenderers(), 'SIGSTOP'),
    killRenderers: async () => signalAll(findRenderers(), 'SIGKILL'),
    close: async () => {
      await endBrowser();
      rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Waits until nothing in the folder has changed for a while: WebKit writes its storage to disk a moment late. */
async function untilWritten(dir: string): Promise<void> {
  let known = '';
  let since = performance.now();
  await waitFor('a profile that is written', () => {
    const files = readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const now = files.map((file) => `${file.name} ${readChange(join(file.parentPath, file.name))}`).join('\n');
    if (now !== known) [known, since] = [now, performance.now()];
    return performance.now() - since > 3_000;
  });
}

function readChange(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  return found === undefined ? 'gone' : `${found.size} ${found.mtimeMs}`;
}
