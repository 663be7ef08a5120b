/** What becomes of a batch: answered for; smaller ones may pass; nothing will pass; not now. */
export type Verdict = 'done' | 'split' | 'stop' | 'retry';

/** What of an answer's JSON decides. */
export interface Answer {
  readonly accepted?: unknown;
  readonly rejected?: unknown;
  readonly error?: unknown;
}

/**
 * Judges the answer to a batch of `length` events. Only one that is the collector's own settles events: a proxy's page,
 * a 204 or a captive portal's 200 does not, and they are sent again. A 413, or a 400 that names no event, is looked for
 * in smaller batches, down to the event that is dropped. Source: contract 2.
 */
export function judge(status: number, answer: Answer | null | undefined, length: number): Verdict {
  if (status === 401 || status === 403) return 'stop';
  if (status <= 400 && typeof answer?.accepted === 'number') return 'done';
  if (status === 413 || (status === 400 && answer?.error)) return length > 1 ? 'split' : 'done';
  return 'retry';
}

/** Gives ms from a number of seconds or an HTTP date (RFC 9110, 10.2.3); 0 where there is neither. */
export function parseRetryAfter(text: string | null, now: number): number {
  return Math.max(0, Number(text) * 1_000 || Date.parse(`${text}`) - now || 0);
}
