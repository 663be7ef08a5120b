import { openChromium } from './chromium.ts';
import type { Engine, EngineName } from './engine.ts';
import { openFirefox } from './firefox.ts';
import { openWebkit } from './webkit.ts';

/** How each engine is opened. Rejects, naming the command that installs it, where one is missing. */
export const openEngine: Readonly<Record<EngineName, () => Promise<Engine>>> = {
  chromium: openChromium,
  firefox: openFirefox,
  webkit: openWebkit,
};
