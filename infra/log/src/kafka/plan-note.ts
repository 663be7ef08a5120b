const version = 1;

/** Gives the note that is kept beside a committed position: a batch up to `end` is about to be stored. */
export function toPlanNote(end: number): string {
  return JSON.stringify({ v: version, end });
}

/** Gives the end of the batch that a note tells of; null where it tells of none, or is not ours. Never throws. */
export function parsePlanNote(note: string): number | null {
  try {
    const parsed: unknown = JSON.parse(note);
    if (typeof parsed !== 'object' || parsed === null || !('v' in parsed) || !('end' in parsed)) return null;
    return parsed.v === version && Number.isSafeInteger(parsed.end) ? Number(parsed.end) : null;
  } catch {
    return null;
  }
}
