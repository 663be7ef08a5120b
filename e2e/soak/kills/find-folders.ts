import { inspectEmbeddedStore } from '@px-platform/store/inspection';

/** Gives where the engine keeps the parts of the tables that `watchParts` watches. The store is open nowhere else. */
export async function findFolders(store: string): Promise<{ events: string; sessions: string }> {
  const inspection = inspectEmbeddedStore(store);
  try {
    return { events: await inspection.folderOf('events'), sessions: await inspection.folderOf('sessions') };
  } finally {
    await inspection.close();
  }
}
