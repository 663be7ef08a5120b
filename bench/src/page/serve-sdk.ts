import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BenchSite } from './site.ts';

/** The script tag's file, and what it or a bundle of the SDK fetches later from beside it. */
const files = ['px.js', 'px-gzip.js', 'px-options.js'] as const;

/** Serves the SDK's built files from the site's root, as far as the build makes them. */
export function serveSdk(site: BenchSite, dist: string): void {
  for (const file of files) {
    if (existsSync(join(dist, file))) site.serve(`/${file}`, readFileSync(join(dist, file), 'utf8'));
  }
}
