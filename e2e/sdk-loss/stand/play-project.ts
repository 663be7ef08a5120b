import { randomUUID } from 'node:crypto';
import { type ExportedRow, exportRows, type StandaloneProcess } from '../../src/standalone-process.ts';
import { waitFor } from '../polling.ts';

/** A stored row of a play. */
export interface StoredRow {
  readonly event: string;
  readonly eventId: string;
  /** Epoch ms, as stored. */
  readonly timestampMs: number;
  /** The number that the page gave it; NaN where it gave none. */
  readonly n: number;
}

/** A project of the play's own: what is stored in it can only come from this play. */
export interface PlayProject {
  readonly apiKey: string;
  readonly projectId: string;
  /** Gives every row, once all that the server has acknowledged so far is stored; two rows of one event come as two. */
  readRows(): Promise<StoredRow[]>;
}

/** The event that closes a play: the log has one partition, so what lies before it is stored before it. */
const closing = 'play_closed';

/** Makes a project with keys of its own, through the admin interface. */
export async function openPlayProject(at: StandaloneProcess): Promise<PlayProject> {
  const ask = async (path: string, body: unknown): Promise<Record<string, unknown>> => {
    const response = await fetch(`${at.url}/admin/v1${path}`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${at.adminToken}`, 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    if (response.status !== 201) throw new Error(`${path} answered ${response.status}: ${text}`);
    return parseObject(text);
  };
  const { project_id } = await ask('/projects', { tenant: 'demo', name: `play ${randomUUID()}` });
  const projectId = String(project_id);
  const apiKey = String((await ask(`/projects/${projectId}/keys`, { kind: 'pub', name: 'page' }))['key']);
  const serverKey = String((await ask(`/projects/${projectId}/keys`, { kind: 'srv', name: 'reader' }))['key']);

  const hasClosed = async (eventId: string): Promise<boolean> => {
    const range = { from: '2000-01-01T00:00:00Z', to: '2200-01-01T00:00:00Z' };
    const response = await fetch(`${at.url}/api/v1/query`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${serverKey}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ question: 'events', ...range, event: closing, limit: 100 }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`the query answered ${response.status}: ${text}`);
    return text.includes(eventId);
  };
  return {
    apiKey,
    projectId,
    readRows: async () => {
      const eventId = randomUUID();
      const response = await fetch(`${at.url}/api/v1/events`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${serverKey}`, 'Content-Type': 'application/json' },
        body: JSON.stringify({ event: closing, event_id: eventId, user_id: 'reader' }),
      });
      if (response.status !== 202) throw new Error(`the closing event was answered ${response.status}`);
      await waitFor('the closing event to be stored', () => hasClosed(eventId), 120_000, 400);
      return (await exportRows(at, serverKey)).map(toStoredRow).filter(({ event }) => event !== closing);
    },
  };
}

function parseObject(text: string): Record<string, unknown> {
  return JSON.parse(text) as Record<string, unknown>;
}

function toStoredRow(row: ExportedRow): StoredRow {
  const { event, event_id, timestamp, properties } = row;
  const n = typeof properties === 'object' && properties !== null && 'n' in properties ? properties.n : Number.NaN;
  return {
    event: String(event),
    eventId: String(event_id),
    timestampMs: typeof timestamp === 'number' ? timestamp : Date.parse(String(timestamp)),
    n: Number(n),
  };
}
