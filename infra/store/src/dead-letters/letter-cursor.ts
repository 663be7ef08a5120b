import { z } from 'zod';

const cursorSchema = z.object({
  until: z.int(),
  at: z.int(),
  log: z.string(),
  partition: z.int(),
  offset: z.int(),
  index: z.int(),
  reason: z.string(),
});

/** Where a page of letters ended, in the order in which they were stored; `until` bounds all pages. Instants are epoch ms. */
export type LetterCursor = z.infer<typeof cursorSchema>;

/** Gives a cursor as text. */
export function encodeLetterCursor(cursor: LetterCursor): string {
  return Buffer.from(JSON.stringify(cursor)).toString('base64url');
}

/** Parses a cursor's text; null where it is none. Never throws. */
export function parseLetterCursor(text: string): LetterCursor | null {
  try {
    const parsed = cursorSchema.safeParse(JSON.parse(Buffer.from(text, 'base64url').toString()));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
