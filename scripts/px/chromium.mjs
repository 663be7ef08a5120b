import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { Unusable } from './unusable.mjs';

const binaries = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Gives the path of a Chromium that starts: `PX_CHROMIUM`, Playwright's own, else the system's. Throws `Unusable`. */
export function requireChromium() {
  const candidates = [process.env.PX_CHROMIUM, ...playwrightBrowsers(), ...systemBrowsers()];
  const refused = [];
  for (const file of candidates) {
    if (file === undefined || file === '' || !existsSync(file)) continue;
    if (spawnSync(file, ['--version'], { timeout: 20_000 }).status === 0) return file;
    refused.push(file);
  }
  const found = refused.length === 0 ? 'no Chromium was found' : `${refused.join(', ')} does not start`;
  const command = process.getuid?.() === 0 ? 'apt-get' : 'sudo apt-get';
  throw new Unusable(
    `the browser tests need Chromium, and ${found}. Install it with:\n  ${command} install -y chromium`,
  );
}

/** Playwright keeps each browser it has installed in a folder of its own; the newest comes first. */
function playwrightBrowsers() {
  const folder = process.env.PLAYWRIGHT_BROWSERS_PATH || join(homedir(), '.cache', 'ms-playwright');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => /^chromium-\d+$/.test(name))
    .sort((a, b) => Number(b.slice(9)) - Number(a.slice(9)))
    .flatMap((name) => ['chrome-linux64', 'chrome-linux'].map((build) => join(folder, name, build, 'chrome')));
}

function systemBrowsers() {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return binaries.flatMap((name) => folders.map((folder) => join(folder, name)));
}
