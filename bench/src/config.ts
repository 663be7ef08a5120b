import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Gives the environment of a process that is measured: this one's, without what would change a measurement. */
export function toChildEnvironment(settings: Readonly<Record<string, string>>): Record<string, string | undefined> {
  return { PATH: process.env['PATH'], HOME: process.env['HOME'], TMPDIR: process.env['TMPDIR'], ...settings };
}

/** Gives the Chromium that `PX_CHROMIUM` names, or null. */
export function readChromiumPath(): string | null {
  return process.env['PX_CHROMIUM'] || null;
}

/** Gives the folder of the SDK's built files: the one that `PX_DIST` names (the build writes there too), else `sdk/dist`. */
export function readSdkDist(): string {
  return resolve(process.env['PX_DIST'] || fileURLToPath(new URL('../../sdk/dist', import.meta.url)));
}

/** Gives the folder that `PX_BENCH_QUERY_DIR` names, in which generated events are kept from run to run, or null. */
export function readQueryFolder(): string | null {
  return process.env['PX_BENCH_QUERY_DIR'] || null;
}
