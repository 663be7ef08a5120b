import { AppError } from '@px-platform/runtime';

const version = 1;

/** Gives the note that is kept beside a committed position: a batch up to `end` is about to be stored. */
export function toPlanNote(end: number): string {
  return JSON.stringify({ v: version, end });
}

/**
 * Gives the end of the batch that a note tells of; null where it tells of none, or is not ours. Throws `log_version_unknown` for a note of
 * another version: read as none, it would have the batch cut elsewhere, and stored twice.
 */
export function parsePlanNote(note: string): number | null {
  const parsed = parseJson(note);
  if (typeof parsed !== 'object' || parsed === null || !('v' in parsed)) return null;
  if (parsed.v !== version) {
    throw new AppError(
      'log_version_unknown',
      `A batch was planned by a version of the processor that this one does not know (${String(parsed.v).slice(0, 20)}). Upgrade this processor, ` +
        'or have one of that version work off what it planned first.',
    );
  }
  return 'end' in parsed && Number.isSafeInteger(parsed.end) ? Number(parsed.end) : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
