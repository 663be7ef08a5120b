import { setFlagsFromString } from 'node:v8';
import { PGlite } from '@electric-sql/pglite';

/** Of Postgres's 128 MB: all of a control database fits into less. */
const settings = [...PGlite.defaultStartParams, '-c', 'shared_buffers=16MB'];

/**
 * Starts the embedded Postgres on a folder, made where it is missing. Compiled by V8's first compiler alone: its second would
 * compile Postgres again in the background, for 500 MB of memory and seconds of a core, to answer a few statements a minute.
 * Holds for all WebAssembly of the process. Throws what Postgres throws.
 */
export function startPostgres(path: string): Promise<PGlite> {
  setFlagsFromString('--no-wasm-tier-up');
  setFlagsFromString('--no-wasm-dynamic-tiering');
  return PGlite.create(path, { startParams: settings });
}
