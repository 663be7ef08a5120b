import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SendBinary } from '../engine.ts';

/** What the engine takes for a pattern of names. */
const pattern = /[*?{}]/;

let senders = 0;

/**
 * Gives rows to chdb by a file in its data folder, gone again before it ever reaches the disk: the client for chdb takes text
 * alone as a statement's data. Each connection runs one statement at a time and has one file; what a kill leaves behind is
 * written over by the next rows, since connections are made in the same order at each start.
 */
export function sendAsFile(folder: string): SendBinary {
  const name = `insert-${senders++}.bin`;
  const path = pattern.test(folder) ? join(tmpdir(), `px-${process.pid}-${name}`) : join(folder, name);
  const quoted = path.replaceAll('\\', '\\\\').replaceAll("'", "\\'");
  return async (client, { into, settings }, rows) => {
    await writeFile(path, rows);
    try {
      await client.command({ query: `${into} FROM INFILE '${quoted}' ${settings} FORMAT RowBinary` });
    } finally {
      await rm(path, { force: true });
    }
  };
}
