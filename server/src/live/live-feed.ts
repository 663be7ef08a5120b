import type { EventReader, StoredRow } from '@px-platform/store';

/** One who listens to a project's rows. */
export interface LiveListener {
  /** Asked before each delivery: one who has not taken the last rows yet is passed over, and catches up later. */
  isReady(): boolean;
  /** Rows are oldest first and never none; `cursor` resumes after the last of them. */
  onRows(rows: readonly StoredRow[], cursor: string): void;
}

/** Rows as they are stored, to any number of listeners. */
export interface LiveFeed {
  /**
   * Listens from `cursor` on, or from now on where it is null. Gives the way to stop once the place to
   * begin is known, so that no row stored after is missed. Throws `store_unavailable`.
   */
  listen(projectId: string, cursor: string | null, listener: LiveListener): Promise<() => void>;
}

interface Listening {
  cursor: string;
  readonly listener: LiveListener;
}

/** The poll loop of one project; lives while somebody listens. */
interface Loop {
  readonly listening: Set<Listening>;
  /** Where those stand who have all that is stored. */
  head: string | null;
}

const pageSize = 500;

/**
 * Polls the store for each project that is listened to, and only for those: one look-up per poll for
 * all who stand at the same place. A failed poll is told to `onPollFailed` and tried again at the next.
 */
export function createLiveFeed(options: {
  readonly reader: Pick<EventReader, 'rowsSince'>;
  readonly pollMs: number;
  readonly onPollFailed: (cause: unknown) => void;
}): LiveFeed {
  const { reader, pollMs, onPollFailed } = options;
  const loops = new Map<string, Loop>();

  async function poll(projectId: string, loop: Loop): Promise<void> {
    let isBehind = false;
    const ready = [...loop.listening].filter(({ listener }) => listener.isReady());
    for (const [cursor, group] of Map.groupBy(ready, (one) => one.cursor)) {
      try {
        const page = await reader.rowsSince(projectId, cursor, pageSize);
        if (page.rows.length < pageSize) loop.head = page.cursor;
        else isBehind = true;
        for (const one of group) deliver(loop, one, page);
      } catch (cause) {
        // Those at another place are asked for all the same: it may be this one that costs too much.
        onPollFailed(cause);
      }
    }
    schedule(projectId, loop, isBehind ? 0 : pollMs);
  }

  function schedule(projectId: string, loop: Loop, delayMs: number): void {
    if (loop.listening.size === 0) loops.delete(projectId);
    else setTimeout(() => void poll(projectId, loop), delayMs).unref();
  }

  return {
    async listen(projectId, cursor, listener) {
      const begin = cursor ?? loops.get(projectId)?.head ?? (await reader.rowsSince(projectId, null, 1)).cursor;
      const one: Listening = { cursor: begin, listener };
      let loop = loops.get(projectId);
      if (loop === undefined) {
        loop = { listening: new Set(), head: cursor === null ? begin : null };
        loops.set(projectId, loop);
        loop.listening.add(one);
        schedule(projectId, loop, cursor === null ? pollMs : 0);
      } else {
        loop.listening.add(one);
      }
      const { listening } = loop;
      return () => listening.delete(one);
    },
  };
}

function deliver(loop: Loop, one: Listening, page: { rows: readonly StoredRow[]; cursor: string }): void {
  if (!loop.listening.has(one)) return;
  one.cursor = page.cursor;
  if (page.rows.length > 0) one.listener.onRows(page.rows, page.cursor);
}
