import { openChild } from './child.ts';

/** What the engine alone needed for the rows. */
export interface InsertResult {
  readonly rows: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakBytes: number;
}

/** Inserts exported rows (NDJSON) into an empty store in `folder`, in a process that does nothing else. */
export async function insertAlone(paths: { file: string; folder: string }): Promise<InsertResult> {
  const child = openChild(new URL('./insert-rows.ts', import.meta.url));
  try {
    return await child.ask<InsertResult>(paths);
  } finally {
    await child.close();
  }
}
