import type { InitOptions } from './px.ts';

/** What `init` was given; empty before. */
export let settings: Partial<InitOptions> = {};

/** Takes what `init` was given. */
export function setSettings(options: InitOptions): void {
  settings = options;
}
