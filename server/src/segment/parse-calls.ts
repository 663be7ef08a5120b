import type { KeyLimits } from '@px-platform/schemas';
import { type Problem, toProblem } from '../http/problem.ts';
import { type Bag, isBag } from '../ingest/clean-bag.ts';
import { toInstantText } from './to-instant-text.ts';
import type { CallType } from './to-wire-event.ts';

/** A call that a request bears: any JSON, with its type where it has one. */
export interface ParsedCall {
  readonly call: unknown;
  readonly type: CallType | null;
}

/** A request's calls, not yet looked at, in the order sent. */
export interface ParsedCalls {
  readonly calls: readonly ParsedCall[];
  /** The client's clock at sending, epoch ms. */
  readonly sentAt: number | null;
}

/** The types by what `type` says; the routes of single calls say it by their path. */
const types: ReadonlyMap<unknown, CallType> = new Map<unknown, CallType>(
  (['track', 'page', 'screen', 'identify', 'group', 'alias'] as const).map((type) => [type, type]),
);

/** Gives the type that a call names, null where it names none that is known. */
export function callTypeOf(call: Bag): CallType | null {
  return types.get(call['type']) ?? null;
}

/** Parses the body of a route of one call. Never throws. */
export function parseCall(json: unknown, type: CallType): ParsedCalls | Problem {
  if (!isBag(json)) return toProblem('invalid_body', 'The body is not one call: a JSON object.');
  return { calls: [{ call: json, type }], sentAt: toSentAt(json['sentAt']) };
}

/**
 * Parses the body of `/v1/batch`: `{"batch": [...], "sentAt"?, "context"?}`, or with the
 * `sentAt` on its calls; the batch's context holds, key by key, for
 * each call that does not set it. A `sentAt` that is no instant counts as not sent. Never throws.
 */
export function parseCalls(json: unknown, limits: KeyLimits): ParsedCalls | Problem {
  if (!isBag(json) || !Array.isArray(json['batch'])) {
    return toProblem('invalid_body', 'The body is not a batch: a JSON object with the list "batch".');
  }
  const batch: readonly unknown[] = json['batch'];
  if (batch.length === 0) return toProblem('empty_batch', 'The batch holds no call.');
  if (batch.length > limits.maxEventsPerBatch) {
    return toProblem(
      'too_many_events',
      `The batch holds ${batch.length} calls; this kind of key sends at most ${limits.maxEventsPerBatch} at once.`,
      { details: { size: batch.length, limit: limits.maxEventsPerBatch, unit: 'events' } },
    );
  }
  const shared = isBag(json['context']) ? json['context'] : null;
  const calls = batch.map((call) => ({
    call: shared !== null && isBag(call) ? withContext(call, shared) : call,
    type: isBag(call) ? callTypeOf(call) : null,
  }));
  const sentAt = json['sentAt'] ?? batch.find((call) => isBag(call))?.['sentAt'];
  return { calls, sentAt: toSentAt(sentAt) };
}

function withContext(call: Bag, shared: Bag): Bag {
  return { ...call, context: { ...shared, ...(isBag(call['context']) ? call['context'] : {}) } };
}

function toSentAt(given: unknown): number | null {
  const at = Date.parse(String(toInstantText(given)));
  return Number.isNaN(at) ? null : at;
}
