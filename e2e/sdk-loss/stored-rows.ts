import { makeServerKey, type StandaloneProcess, untilDrained } from '../src/standalone-process.ts';

/** A stored row of a run: its id, and the number that the page gave it. */
export interface StoredRow {
  readonly eventId: string;
  readonly n: number;
}

/** Reads what the server has stored. */
export interface StoredRows {
  /** Gives each row of this name, once the log is drained; two rows of one event come as two. At most 1,000. */
  read(event: string): Promise<StoredRow[]>;
}

/** Opens the reading of rows, through the query interface and with a key of its own. */
export async function openStoredRows(at: StandaloneProcess): Promise<StoredRows> {
  const key = await makeServerKey(at);
  return {
    read: async (event) => {
      await untilDrained(at);
      const response = await fetch(`${at.url}/api/v1/query`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' },
        body: JSON.stringify({
          question: 'events',
          from: '2000-01-01T00:00:00Z',
          to: '2200-01-01T00:00:00Z',
          event,
          limit: 1_000,
        }),
      });
      if (!response.ok) throw new Error(`the query answered ${response.status}: ${await response.text()}`);
      return parseRows(await response.json());
    },
  };
}

function parseRows(answer: unknown): StoredRow[] {
  const { columns, rows } = answer as { columns: string[]; rows: unknown[][] };
  const idAt = columns.indexOf('event_id');
  const propertiesAt = columns.indexOf('properties');
  return rows.map((row) => {
    const given = row[propertiesAt];
    const properties: unknown = typeof given === 'string' ? JSON.parse(given) : given;
    const n = typeof properties === 'object' && properties !== null && 'n' in properties ? Number(properties.n) : -1;
    return { eventId: String(row[idAt]), n };
  });
}
