import type { Request, RequestHandler, Response } from 'express';
import type { z } from 'zod';
import { checkContentType } from '../http/check-content-type.ts';
import { parseJson } from '../http/parse-json.ts';
import { isProblem, type Problem, sendProblem, toProblem } from '../http/problem.ts';
import { aborted, readBody } from '../http/read-body.ts';
import { sendJson } from '../http/send-json.ts';
import { cleanText } from '../ingest/clean-text.ts';

/** Bodies of `/admin/v1` are small: the largest holds the schema of an event, indented perhaps; in bytes. */
const maxBodyBytes = 256 * 1024;

/** What an admin request answers with: 201 where it made something. */
export interface JsonAnswer {
  readonly status: 200 | 201;
  readonly body: object;
}

/** What a path names: `:id`, `:slug`, `:person`, `:event` and `:purge`, '' where it has none. */
export interface PathNames {
  readonly id: string;
  readonly slug: string;
  readonly person: string;
  readonly group: string;
  readonly event: string;
  readonly purge: string;
}

/** Answers a request without a body; `run` is given its query and what its path names. */
export function handleRead<T>(
  querySchema: z.ZodType<T>,
  run: (query: T, names: PathNames) => Promise<JsonAnswer | Problem>,
): RequestHandler {
  return async (req, res) => {
    const query = parse(querySchema, req.query, 'invalid_parameter');
    sendAnswer(res, isProblem(query) ? query : await run(query, readNames(req)));
  };
}

/**
 * Answers a request with a JSON body, parsed; no body counts as `{}`. Refused with `invalid_json`,
 * `invalid_body`, `body_too_large` (256 KiB), `unsupported_media_type` or `unsupported_encoding`.
 */
export function handleWrite<T>(
  bodySchema: z.ZodType<T>,
  timeoutMs: number,
  run: (body: T, names: PathNames) => Promise<JsonAnswer | Problem>,
): RequestHandler {
  return async (req, res) => {
    const read = await readJson(req, res, timeoutMs);
    if (read === aborted) return;
    const body = isProblem(read) ? read : parse(bodySchema, read.value, 'invalid_body');
    sendAnswer(res, isProblem(body) ? body : await run(body, readNames(req)));
  };
}

async function readJson(req: Request, res: Response, timeoutMs: number) {
  if (req.get('content-encoding') !== undefined) {
    return toProblem('unsupported_encoding', 'Bodies of /admin/v1 are taken as they are, without an encoding.');
  }
  const bytes = await readBody(req, res, { maxBytes: maxBodyBytes, timeoutMs });
  if (isProblem(bytes) || bytes === aborted) return bytes;
  if (bytes.length === 0) return { kind: 'json' as const, value: {} };
  return checkContentType(req.get('content-type')) ?? parseJson(bytes);
}

function parse<T>(schema: z.ZodType<T>, value: unknown, code: 'invalid_body' | 'invalid_parameter'): T | Problem {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message }));
  const list = issues.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`));
  return toProblem(code, list.join('; '), { details: { issues } });
}

function readNames(req: Request): PathNames {
  return {
    id: readName(req, 'id'),
    slug: readName(req, 'slug'),
    person: readName(req, 'person'),
    group: readName(req, 'group'),
    event: readName(req, 'event'),
    purge: readName(req, 'purge'),
  };
}

function readName(req: Request, name: keyof PathNames): string {
  const given = req.params[name];
  // No store holds NUL: what has one is known to none of them, and is no fault of theirs.
  return typeof given === 'string' ? cleanText(given) : '';
}

function sendAnswer(res: Response, answer: JsonAnswer | Problem): void {
  // What is told here may hold a secret: it lies in no cache on its way.
  if (isProblem(answer)) sendProblem(res, answer);
  else sendJson(res.setHeader('Cache-Control', 'no-store'), answer.status, answer.body);
}
