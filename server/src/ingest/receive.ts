import type { Scope } from '@px-platform/control';
import { type KeyLimits, keyLimits } from '@px-platform/schemas';
import type { Request, Response } from 'express';
import type { Admit } from '../auth/admit.ts';
import type { Caller } from '../auth/caller.ts';
import { findSecret } from '../auth/find-secret.ts';
import { checkContentType } from '../http/check-content-type.ts';
import { inflate } from '../http/inflate.ts';
import { parseJson } from '../http/parse-json.ts';
import { isProblem, type Problem, toProblem } from '../http/problem.ts';
import { aborted, readBody, toTooLarge } from '../http/read-body.ts';
import type { ServerMetrics } from '../metrics.ts';
import type { WorkLine } from '../overload/work-line.ts';
import { isBag } from './clean-bag.ts';

/** The caller of an ingest route: always a key. */
export type KeyCaller = Extract<Caller, { kind: 'key' }>;

/** What a request bears once its body is read and its key is known. */
export interface Received {
  readonly kind: 'received';
  readonly caller: KeyCaller;
  readonly json: unknown;
  /** Bytes of the JSON as text, after inflation. */
  readonly jsonBytes: number;
}

/** What receiving needs from outside. */
export interface ReceiveDeps {
  readonly line: WorkLine;
  readonly admit: Admit;
  readonly metrics: ServerMetrics;
  /** For the body, from its headers to its last byte. */
  readonly timeoutMs: number;
  readonly family: Family;
}

/** What a family of routes asks of its key, and takes as a body. */
export interface Family {
  /** What the key must be allowed. */
  readonly scope: Scope;
  /** Name of the field that may bear the key. */
  readonly keyField: string;
  /** Says why a `Content-Type` is not taken. */
  readonly checkType: (header: string | undefined) => Problem | null;
}

/** Our own routes of events. Source: contract 2. */
export const ownEvents: Family = { scope: 'events:write', keyField: 'api_key', checkType: checkContentType };

/**
 * Reads an ingest request, waits for its turn, then authenticates, inflates and parses it, each step bounded by the
 * limits of the key. A key may stand in the body: until it is known, the larger limits bound the work, and its own
 * are checked after. Gives a problem, or `aborted` where the client left. Throws `control_unavailable`.
 */
export async function receive(
  req: Request,
  res: Response,
  deps: ReceiveDeps,
): Promise<Received | Problem | typeof aborted> {
  const bytes = await readBody(req, res, { maxBytes: keyLimits.srv.maxBodyBytes, timeoutMs: deps.timeoutMs });
  if (bytes === aborted) deps.metrics.bodyAborted();
  if (bytes === aborted || isProblem(bytes)) return bytes;
  const turn = deps.line.enter();
  if (turn !== null) await turn;
  if (res.closed) return aborted;
  const refused = deps.family.checkType(req.headers['content-type']);
  if (refused !== null) return refused;

  const fromHead = await admitKey(req, res, deps);
  if (isProblem(fromHead) && fromHead.code !== 'missing_key') return fromHead;
  const bounds = isProblem(fromHead) ? keyLimits.srv : limitsOf(fromHead);
  const tooLarge = findOversize(bytes.length, 0, bounds);
  if (tooLarge !== null) return tooLarge;
  const text = await inflate(bytes, req.headers['content-encoding'], bounds.maxInflatedBytes);
  if (isProblem(text)) return text;
  deps.metrics.bodyRead({ sent: bytes.length, inflated: text.length });
  const json = parseJson(text);
  if (isProblem(json)) return json;

  const bodyKey = readKey(json.value, deps.family.keyField);
  const secret = bodyKey === undefined ? null : findSecret(req, bodyKey);
  if (isProblem(secret)) return secret;
  const caller = isProblem(fromHead) ? await admitKey(req, res, deps, bodyKey) : fromHead;
  if (isProblem(caller)) return caller;
  const inflatedBytes = text === bytes ? 0 : text.length;
  const overOwn = findOversize(bytes.length, inflatedBytes, limitsOf(caller));
  return overOwn ?? { kind: 'received', caller, json: json.value, jsonBytes: text.length };
}

/** The limits of a caller's kind of key. */
export function limitsOf(caller: KeyCaller): KeyLimits {
  return keyLimits[caller.grant.key.kind];
}

async function admitKey(
  req: Request,
  res: Response,
  { admit, family }: ReceiveDeps,
  bodyKey?: string | undefined,
): Promise<KeyCaller | Problem> {
  const caller = await admit(req, res, { scope: family.scope, bodyKey });
  return isProblem(caller) || caller.kind === 'key' ? caller : readTokenOnly;
}

const readTokenOnly = toProblem('missing_scope', 'A read token writes no events; send a key.');

function findOversize(sentBytes: number, inflatedBytes: number, limits: KeyLimits): Problem | null {
  if (sentBytes > limits.maxBodyBytes) return toTooLarge('body_too_large', sentBytes, limits.maxBodyBytes);
  if (inflatedBytes > limits.maxInflatedBytes) {
    return toTooLarge('inflated_too_large', inflatedBytes, limits.maxInflatedBytes);
  }
  return null;
}

function readKey(json: unknown, field: string): string | undefined {
  const key = isBag(json) ? json[field] : undefined;
  return typeof key === 'string' ? key : undefined;
}
