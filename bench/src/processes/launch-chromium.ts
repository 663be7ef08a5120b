import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';
import { readChromiumPath } from '../config.ts';

const knownPaths = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Launches the Chromium that `PX_CHROMIUM` names, else Playwright's, else the system's. Throws with the command that installs one. */
export async function launchChromium(args: readonly string[] = []): Promise<Browser> {
  const candidates = [readChromiumPath(), chromium.executablePath(), ...knownPaths];
  const executablePath = candidates.find((path) => path !== null && existsSync(path));
  if (typeof executablePath !== 'string') {
    throw new Error('track() is measured in Chromium, and none was found: run `apt-get install -y chromium`.');
  }
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', ...args] });
}
