import { z } from 'zod';
import type { StoredRow } from './event-store.ts';
import type { LiveCursor, LiveHead } from './queries/rows.ts';

/** Rows of a partition not seen before are looked for this far behind the newest row seen, in ms. */
const lookBackMs = 60_000;

/** The newest heads are kept, so that a cursor fits into a header; beyond these, a row might be given twice. */
const maxHeads = 200;

const natural = z.number().int().nonnegative();
const cursorSchema = z.object({
  at: natural,
  logs: z.array(z.string()).max(maxHeads),
  /** Place of its log in `logs`, partition, month, offset, index, storedAt. */
  heads: z.array(z.tuple([natural, natural, natural, natural, natural, natural])).max(maxHeads),
});

/** Gives the cursor as URL-safe text. */
export function encodeLiveCursor({ at, heads }: LiveCursor): string {
  const logs = [...new Set(heads.map((head) => head.logId))];
  const short = heads.map((head) => [
    logs.indexOf(head.logId),
    head.partition,
    head.month,
    head.offset,
    head.index,
    head.storedAt,
  ]);
  return Buffer.from(JSON.stringify({ at, logs, heads: short })).toString('base64url');
}

/** Parses a cursor's text; null where it is none. Never throws. */
export function parseLiveCursor(text: string): LiveCursor | null {
  try {
    const parsed = cursorSchema.safeParse(JSON.parse(Buffer.from(text, 'base64url').toString()));
    if (!parsed.success) return null;
    const { at, logs, heads } = parsed.data;
    return {
      at,
      heads: heads.map(([log, partition, month, offset, index, storedAt]) => ({
        logId: logs[log] ?? '',
        partition,
        month,
        offset,
        index,
        storedAt,
      })),
    };
  } catch {
    return null;
  }
}

/** Gives the cursor after these rows, which are in stored order. */
export function advanceLiveCursor(cursor: LiveCursor, rows: readonly StoredRow[]): LiveCursor {
  const heads = new Map(cursor.heads.map((head) => [toKey(head), head]));
  let at = cursor.at;
  for (const row of rows) {
    const head = toHead(row);
    const before = heads.get(toKey(head));
    if (before === undefined || isBefore(before, head)) heads.set(toKey(head), head);
    at = Math.max(at, head.storedAt - lookBackMs);
  }
  const newest = [...heads.values()].filter((head) => head.storedAt >= at).sort((a, b) => b.storedAt - a.storedAt);
  return { at, heads: newest.slice(0, maxHeads) };
}

function toKey(head: LiveHead): string {
  return `${head.logId}:${head.partition}:${head.month}`;
}

function toHead(row: StoredRow): LiveHead {
  return {
    logId: String(row['_log']),
    partition: Number(row['_partition']),
    month: Number(String(row['day']).slice(0, 7).replace('-', '')),
    offset: Number(row['_offset']),
    index: Number(row['_index']),
    storedAt: Date.parse(String(row['stored_at'])),
  };
}

function isBefore(a: LiveHead, b: LiveHead): boolean {
  return a.offset < b.offset || (a.offset === b.offset && a.index < b.index);
}
