import type { EventRow } from '@px-platform/schemas';
import type { Standalone } from '@px-platform/standalone';
import { untilDrained } from './standalone-process.ts';

/** How far around the project's life its rows are asked for, by when the server received them. */
const marginMs = 60_000;

/** A row as the export tells it: instants as RFC 3339. */
export type StoredRow = Omit<EventRow, 'timestamp' | 'received_at'> & {
  readonly timestamp: string;
  readonly received_at: string;
};

/** A project of a real server that nothing else writes to. */
export interface StoredProject {
  readonly projectId: string;
  /** Its browser key. */
  readonly apiKey: string;
  /** Its server key, which writes and reads. */
  readonly serverKey: string;
  /** Gives every row, in the order in which the log holds them, once all that the server has taken is stored. */
  rows(): Promise<StoredRow[]>;
}

/**
 * Makes a project under a name that is not taken, with a key to write and one to read. `countTaken` counts the batches
 * that the server took: the store is asked again only where there is one more, since an export costs a fifth of a second
 * of a core and tests ask dozens of times.
 */
export async function makeProject(at: Standalone, name: string, countTaken: () => number): Promise<StoredProject> {
  const ask = async (path: string, body: object): Promise<Record<string, unknown>> => {
    const answer = await fetch(`${at.url}/admin/v1${path}`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${at.adminToken}`, 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (answer.status !== 201) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
    return (await answer.json()) as Record<string, unknown>;
  };
  const { project_id: id } = await ask('/projects', { tenant: 'demo', name });
  const { key: apiKey } = await ask(`/projects/${id}/keys`, { kind: 'pub', name: 'page' });
  const { key: readKey } = await ask(`/projects/${id}/keys`, { kind: 'srv', name: 'test' });
  // An export asks once for each of its slices of time: of two centuries, for fifteen.
  const from = toInstant(-marginMs);
  const readRows = async (): Promise<StoredRow[]> => {
    const range = `from=${from}&to=${toInstant(marginMs)}`;
    const answer = await fetch(`${at.url}/api/v1/export/events?${range}`, {
      headers: { Authorization: `Bearer ${readKey}` },
    });
    if (answer.status !== 200) throw new Error(`the export answered ${answer.status}: ${await answer.text()}`);
    const lines = (await answer.text()).split('\n').filter(Boolean);
    const rows: StoredRow[] = lines.map((line) => JSON.parse(line));
    return rows.sort((one, other) => one._offset - other._offset || one._index - other._index);
  };
  let read: { readonly taken: number; readonly rows: readonly StoredRow[] } = { taken: countTaken(), rows: [] };
  return {
    projectId: String(id),
    apiKey: String(apiKey),
    serverKey: String(readKey),
    rows: async () => {
      // Counted before the reading: what is taken meanwhile is read the next time.
      const taken = countTaken();
      if (taken !== read.taken) {
        await untilDrained({ url: at.url, apiKey: String(apiKey) });
        read = { taken, rows: await readRows() };
      }
      return [...read.rows];
    },
  };
}

function toInstant(offsetMs: number): string {
  return new Date(Date.now() + offsetMs).toISOString();
}
