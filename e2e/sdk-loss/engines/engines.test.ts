import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitFor } from '../polling.ts';
import { type Engine, engineNames } from './engine.ts';
import { requireProgram } from './installed.ts';
import { openEngine } from './open-engine.ts';

const asked: string[] = [];
const site = createServer((req, res) => {
  asked.push(req.url ?? '');
  res.writeHead(200, { 'Content-Type': 'text/html' });
  res.end(
    `<!doctype html><title>${req.url}</title><a href="/linked">link</a><script>fetch('/seen' + location.pathname)</script>`,
  );
});
let url = '';

beforeAll(async () => {
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
});
afterAll(() => {
  site.closeAllConnections();
  site.close();
});

describe.each(engineNames)('%s', (name) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await openEngine[name]();
  });
  afterAll(() => engine.close());

  it('opens tabs that share a storage which is empty at first, and closes one of them', async () => {
    const profile = await engine.openProfile();
    const first = await profile.openTab();
    await first.goto(`${url}/first`);
    expect(await first.evaluate('localStorage.length')).toBe(0);
    await first.evaluate("localStorage.setItem('kept', 'yes')");
    const second = await profile.openTab();
    await first.close();
    await second.goto(`${url}/second`);
    expect(await second.evaluate("[localStorage.getItem('kept'), document.visibilityState]")).toEqual([
      'yes',
      'visible',
    ]);
    const third = await profile.openTab();
    await third.goto(`${url}/third`);
    expect(await third.evaluate('location.pathname')).toBe('/third');
    await profile.close();
  });

  it('clicks, starts statements without waiting, and rejects an expression that throws', async () => {
    const profile = await engine.openProfile();
    const tab = await profile.openTab();
    await tab.goto(`${url}/start`);
    await tab.click('a');
    await waitFor(
      'the linked page',
      async () => (await tab.evaluate('location.pathname').catch(() => '')) === '/linked',
    );
    tab.start("const to = '/started'; location.href = to;");
    await waitFor(
      'the next page',
      async () => (await tab.evaluate('location.pathname').catch(() => '')) === '/started',
    );
    await expect(tab.evaluate('notThere.at.all')).rejects.toThrow();
    await profile.close();
  });

  it('takes the network away and gives it back, or says that it cannot', async () => {
    const profile = await engine.openProfile();
    const tab = await profile.openTab();
    await tab.goto(`${url}/online`);
    expect(profile.setOffline === null).toBe(name === 'webkit');
    if (profile.setOffline !== null) {
      await profile.setOffline(true);
      expect(await tab.evaluate('navigator.onLine')).toBe(false);
      await profile.setOffline(false);
      expect(await tab.evaluate('navigator.onLine')).toBe(true);
    }
    await profile.close();
  });

  it('shows another page after its renderers were frozen and killed', async () => {
    const browser = await engine.openMortal();
    const isSeen = (path: string) => asked.includes(`/seen/${name}-${path}`);
    await browser.show(`${url}/${name}-mortal`);
    await waitFor('the page', () => isSeen('mortal'), 60_000);
    await browser.freeze();
    await browser.killRenderers();
    await browser.show(`${url}/${name}-again`);
    await waitFor('the page after', () => isSeen('again'), 60_000);
    await browser.close();
  });
});

it('names the command that installs a program which is missing', () => {
  expect(() => requireProgram(['/nowhere/firefox'], 'firefox-esr')).toThrow(
    'The loss table needs /nowhere/firefox, which is missing: run `apt-get install -y --no-install-recommends firefox-esr`.',
  );
});
