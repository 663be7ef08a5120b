import { cpSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    /** A folder with the control database and the empty store that every new data folder begins with. */
    readonly madeControl: string;
  }
}

/**
 * Makes a data folder for a standalone, empty but for its control database and the tables of its store, which a first
 * start takes 7 s of a core to make: `make-control.ts` has made them once for all. Whoever calls it removes the folder. A
 * test of the first start takes an empty folder of its own.
 */
export function makeDataDir(name: string): string {
  const dataDir = mkdtempSync(join(tmpdir(), `px-${name}-`));
  cpSync(inject('madeControl'), dataDir, { recursive: true, verbatimSymlinks: true });
  return dataDir;
}
