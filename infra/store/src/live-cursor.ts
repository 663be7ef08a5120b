import { z } from 'zod';
import type { StoredRow } from './event-store.ts';
import type { LiveCursor } from './queries/rows.ts';

/** Rows of a partition not seen before are looked for this far behind the newest row seen, in ms. */
const lookBackMs = 60_000;

const cursorSchema = z.object({
  at: z.number().int(),
  heads: z.array(z.tuple([z.string(), z.number().int(), z.number().int(), z.number().int()])).max(1_000),
});

/** Gives the cursor as URL-safe text. */
export function encodeLiveCursor(cursor: LiveCursor): string {
  return Buffer.from(JSON.stringify(cursor)).toString('base64url');
}

/** Parses a cursor's text; null where it is none. Never throws. */
export function parseLiveCursor(text: string): LiveCursor | null {
  try {
    const parsed = cursorSchema.safeParse(JSON.parse(Buffer.from(text, 'base64url').toString()));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** Gives the cursor after these rows, which are in stored order. */
export function advanceLiveCursor(cursor: LiveCursor, rows: readonly StoredRow[]): LiveCursor {
  const heads = new Map(cursor.heads.map((head) => [`${head[0]}:${head[1]}`, head]));
  let at = cursor.at;
  for (const row of rows) {
    const head = [
      String(row['_log']),
      Number(row['_partition']),
      Number(row['_offset']),
      Number(row['_index']),
    ] as const;
    const key = `${head[0]}:${head[1]}`;
    const before = heads.get(key);
    if (before === undefined || head[2] > before[2] || (head[2] === before[2] && head[3] > before[3])) {
      heads.set(key, head);
    }
    at = Math.max(at, Date.parse(String(row['stored_at'])) - lookBackMs);
  }
  return { at, heads: [...heads.values()] };
}
