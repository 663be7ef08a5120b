import { type BatchDefaults, batchEnvelopeSchema, eventLimits, type KeyLimits } from '@px-platform/schemas';
import { z } from 'zod';
import { type Problem, toProblem } from '../http/problem.ts';
import { type Bag, cleanBag, isBag } from './clean-bag.ts';
import { cleanText } from './clean-text.ts';

/** A request's events, not yet looked at, and what stands beside them. */
export interface ParsedBatch {
  readonly events: readonly unknown[];
  readonly defaults: BatchDefaults;
  /** The client's clock at sending, epoch ms. */
  readonly sentAt: number | null;
}

const sentAtSchema = z.object({ sent_at: z.iso.datetime({ offset: true }).nullish() });

/** Parses the body of the single-event route: the event itself, and `sent_at` beside its fields. Never throws. */
export function parseSingle(json: unknown): ParsedBatch | Problem {
  if (!isBag(json)) return toProblem('invalid_body', 'The body is not one event: a JSON object.');
  const parsed = sentAtSchema.safeParse(json);
  if (!parsed.success) return toInvalidBody(parsed.error);
  return { events: [json], defaults: {}, sentAt: toInstant(parsed.data.sent_at) };
}

/** Parses what stands around the events of a batch, and counts them against the key's limit. Never throws. */
export function parseBatch(json: unknown, limits: KeyLimits): ParsedBatch | Problem {
  if (!isBag(json)) return toProblem('invalid_body', 'The body is not a batch: a JSON object with "events".');
  const envelope = cleanEnvelope(json);
  if (envelope.kind === 'problem') return envelope;
  const parsed = batchEnvelopeSchema.safeParse(envelope.bag);
  if (!parsed.success) return toInvalidBody(parsed.error);
  const { events, sent_at, api_key: _, ...defaults } = parsed.data;
  if (events.length === 0) return toProblem('empty_batch', 'The batch holds no event.');
  if (events.length > limits.maxEventsPerBatch) {
    return toProblem(
      'too_many_events',
      `The batch holds ${events.length} events; this kind of key sends at most ${limits.maxEventsPerBatch} at once.`,
      { details: { size: events.length, limit: limits.maxEventsPerBatch, unit: 'events' } },
    );
  }
  return findLargeContext(defaults.context) ?? { events, defaults: toDefaults(defaults), sentAt: toInstant(sent_at) };
}

/**
 * A batch's context may be as large as an event: it is written once for each person of the batch, so that
 * without a bound a few kilobytes of gzip would become hundreds of megabytes of log.
 */
function findLargeContext(context: BatchDefaults['context']): Problem | null {
  if (context === undefined) return null;
  const size = Buffer.byteLength(JSON.stringify(context));
  const limit = eventLimits.maxEventBytes;
  if (size <= limit) return null;
  return toProblem(
    'body_too_large',
    `The batch's context is ${size} bytes as JSON; at most ${limit} bytes are taken.`,
    {
      details: { size, limit, unit: 'bytes', path: 'context' },
    },
  );
}

const nullable = ['sent_at', 'api_key', 'anonymous_id', 'user_id', 'session_id', 'context'] as const;

function cleanEnvelope(json: Bag): { readonly kind: 'bag'; readonly bag: Bag } | Problem {
  const bag: Record<string, unknown> = {};
  bag['events'] = json['events'];
  for (const field of nullable) {
    const value = json[field];
    if (value === null || value === undefined) continue;
    if (typeof value === 'string') {
      bag[field] = cleanText(value);
    } else if (isBag(value)) {
      const cleaned = cleanBag(value, field);
      if (cleaned.kind === 'rejected') {
        return toProblem('invalid_body', cleaned.rejection.message, { details: { ...cleaned.rejection } });
      }
      bag[field] = cleaned.bag;
    } else {
      bag[field] = value;
    }
  }
  return { kind: 'bag', bag };
}

/** Leaves out what was not sent. */
function toDefaults(given: { [K in keyof BatchDefaults]: BatchDefaults[K] | undefined }): BatchDefaults {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function toInvalidBody(error: z.ZodError): Problem {
  const issues = error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message }));
  const first = issues[0];
  return toProblem('invalid_body', `${first?.path ?? ''}: ${first?.message ?? 'wrong shape'}`, { details: { issues } });
}

function toInstant(text: string | null | undefined): number | null {
  return text === null || text === undefined ? null : Date.parse(text);
}
