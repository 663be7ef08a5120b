import { type ExportedRow, exportRows, type StandaloneProcess, untilDrained } from '../../src/standalone-process.ts';

const storedWithinMs = 60_000;
const everyMs = 250;

/** What is stored of a site, in the order in which it was done. */
export interface Stored {
  readonly pageViews: string[];
  readonly clicks: string[];
  /** Rows beyond the first of an event. */
  readonly doubled: number;
}

/**
 * Reads what is stored of a site once as many rows are there as were made, or after a minute, and then until two
 * readings are alike: so that one row too many is seen as well as one that is missing.
 */
export async function readStored(at: StandaloneProcess, key: string, site: string, made: number): Promise<Stored> {
  let last = await readOnce(at, key, site);
  for (const until = Date.now() + storedWithinMs; Date.now() < until; ) {
    await new Promise((resolve) => setTimeout(resolve, everyMs));
    const next = await readOnce(at, key, site);
    const isEnough = next.pageViews.length + next.clicks.length >= made;
    if (isEnough && JSON.stringify(next) === JSON.stringify(last)) break;
    last = next;
  }
  return last;
}

async function readOnce(at: StandaloneProcess, key: string, site: string): Promise<Stored> {
  await untilDrained(at);
  const rows = (await exportRows(at, key)).filter((row) => String(row['url']).startsWith(`${site}/`));
  // A UUIDv7 begins with its time, and the ids of a page count up.
  const inOrder = rows.toSorted((one, other) => (String(one['event_id']) < String(other['event_id']) ? -1 : 1));
  const named = (event: string): ExportedRow[] => inOrder.filter((row) => row['event'] === event);
  return {
    pageViews: named('page_view').map((row) => String(row['path'])),
    clicks: named('click').map(toClick),
    doubled: rows.length - new Set(rows.map((row) => row['event_id'])).size,
  };
}

/** Names what was clicked as the ledger does. */
function toClick({ properties }: ExportedRow): string {
  const { tag, id, href, text } = toProperties(properties);
  const name = id ? `${tag}#${id}` : String(tag);
  if (tag === 'a') return `${name} ${href ?? ''}`.trim();
  return tag === 'button' || tag === 'summary' ? `${name} ${text}` : name;
}

function toProperties(given: unknown): Record<string, unknown> {
  const parsed: unknown = typeof given === 'string' ? JSON.parse(given) : given;
  return { ...(typeof parsed === 'object' ? parsed : {}) };
}
