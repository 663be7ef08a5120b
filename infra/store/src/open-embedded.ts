import type { Clock } from '@px-platform/runtime';
import { connectEmbedded } from './connect-embedded.ts';
import { createOpenStore, type OpenStore } from './open-store.ts';
import { rememberNone } from './purge/remember-none.ts';

/**
 * Opens ClickHouse inside this process (chdb) on a data folder and migrates it. The engine locks the
 * folder in the kernel, so a second process is refused at once (`data_dir_in_use`) and a killed one
 * leaves nothing stale. A folder that can't be made or written to: `data_dir_unusable`. Three connections: one runs one statement at a time, and a question must not wait
 * for an insert, nor either for a rollup that is made. Main thread only: torn down in a worker, the engine does not come back.
 */
export async function openEmbeddedStore(options: { path: string; clock: Clock }): Promise<OpenStore> {
  const { path, clock } = options;
  const write = connectEmbedded(path);
  const read = connectEmbedded(path);
  const upkeep = connectEmbedded(path);
  const open = await createOpenStore({ write, read, upkeep, clock, isSole: true, cluster: null });
  return { ...open, purges: rememberNone(open.purges) };
}
