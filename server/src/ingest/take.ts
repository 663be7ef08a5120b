import type { BatchAnswer, EventAnswer, EventResult } from '@px-platform/schemas';
import type { Request, Response } from 'express';
import { isProblem, type Problem } from '../http/problem.ts';
import { contextOf } from '../http/request-context.ts';
import type { Take } from './handle-ingest.ts';
import { type ParsedBatch, parseBatch } from './parse-batch.ts';
import { limitsOf, type Received } from './receive.ts';
import { toSingleProblem } from './single-problem.ts';
import type { IngestDeps } from './store-events.ts';

/** What became of a request's events, once those accepted are durable. */
export interface Stored {
  readonly accepted: readonly { readonly event_id: string }[];
  /** One of each event, in the order sent. */
  readonly results: readonly EventResult[];
}

/** Validates a request's events and makes those accepted durable, or says why none is. */
export type Store = (
  req: Request,
  res: Response,
  request: { readonly received: Received; readonly batch: ParsedBatch },
  deps: IngestDeps,
) => Promise<Stored | Problem>;

/** Takes one event; the answer is its id and when it was received. */
export function takeOne(parse: (json: unknown) => ParsedBatch | Problem, store: Store): Take {
  return async (req, res, received, deps) => {
    const batch = parse(received.json);
    if (isProblem(batch)) return batch;
    const stored = await store(req, res, { received, batch }, deps);
    if (isProblem(stored)) return stored;
    const [event] = stored.accepted;
    if (event === undefined) return toSingleProblem(stored);
    const receivedAt = new Date(contextOf(res).receivedAt).toISOString();
    const answer: EventAnswer = { event_id: event.event_id, received_at: receivedAt };
    return { kind: 'taken', status: 202, answer };
  };
}

/** Takes a batch; the answer is what became of each event. */
export function takeBatch(store: Store): Take {
  return async (req, res, received, deps) => {
    const batch = parseBatch(received.json, limitsOf(received.caller));
    if (isProblem(batch)) return batch;
    const stored = await store(req, res, { received, batch }, deps);
    if (isProblem(stored)) return stored;
    const { accepted, results } = stored;
    const rejected = results.length - accepted.length;
    const answer: BatchAnswer = { accepted: accepted.length, rejected, events: [...results] };
    return { kind: 'taken', status: accepted.length === 0 ? 400 : 202, answer };
  };
}
