import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { AuditReader, EventReader, StoredRow } from '@px-platform/store';
import { type Request, type Response, Router } from 'express';
import { z } from 'zod';
import type { Admit } from '../auth/admit.ts';
import { isProblem, type Problem, sendProblem, toProblem } from '../http/problem.ts';
import { refuseMethod } from '../http/refuse-unknown.ts';
import { contextOf } from '../http/request-context.ts';
import { projectOf } from './project-of.ts';

/** What the export route needs from outside. */
export interface ExportDeps {
  readonly reader: EventReader;
  readonly auditReader: AuditReader;
  readonly admit: Admit;
}

/**
 * Mounts `GET /api/v1/export/events?from&to` and `/api/v1/export/audit-events`: NDJSON, a row a line with every column,
 * in order of `received_at`, `from` <= t < `to` (RFC 3339). Reads no faster than the client does. Where the store
 * fails half way, the connection is broken, so that a short answer can't pass for a whole one.
 */
export function createExportRouter(deps: ExportDeps): Router {
  const router = Router();
  router.route('/api/v1/export/events').get(createHandler(deps.reader, deps.admit)).all(refuseMethod('GET'));
  router.route('/api/v1/export/audit-events').get(createHandler(deps.auditReader, deps.admit)).all(refuseMethod('GET'));
  return router;
}

function createHandler(
  reader: Pick<EventReader, 'exportRows'>,
  admit: Admit,
): (req: Request, res: Response) => Promise<void> {
  return async (req, res) => {
    const caller = await admit(req, res, { scope: 'query:read' });
    if (isProblem(caller)) return sendProblem(res, caller);
    const range = parseRange(req.query);
    if (isProblem(range)) return sendProblem(res, range);

    const pages = reader.exportRows(projectOf(caller), range)[Symbol.asyncIterator]();
    // The first page is asked for before the status is sent: a store that is away is a 503.
    const first = await pages.next();
    res.writeHead(200, { 'Content-Type': 'application/x-ndjson; charset=utf-8', 'Cache-Control': 'no-store' });
    try {
      await pipeline(Readable.from(toLines(first, pages)), res);
    } catch (error) {
      if (!hasClientLeft(error)) throw error;
      contextOf(res).outcome = 'aborted';
    }
  };
}

async function* toLines(
  first: IteratorResult<readonly StoredRow[]>,
  pages: AsyncIterator<readonly StoredRow[]>,
): AsyncGenerator<string> {
  try {
    for (let page = first; page.done !== true; page = await pages.next()) {
      if (page.value.length > 0) yield `${page.value.map((row) => JSON.stringify(row)).join('\n')}\n`;
    }
  } finally {
    await pages.return?.();
  }
}

function hasClientLeft(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE';
}

const instant = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));

function parseRange(query: Request['query']): { kind: 'range'; from: number; to: number } | Problem {
  const from = instant.safeParse(query['from']);
  if (!from.success) return toProblem('invalid_parameter', '"from" is needed, as RFC 3339: 2026-01-31T00:00:00Z.');
  const to = instant.safeParse(query['to']);
  if (!to.success) return toProblem('invalid_parameter', '"to" is needed, as RFC 3339: 2026-02-01T00:00:00Z.');
  if (to.data <= from.data) return toProblem('invalid_parameter', '"to" does not lie after "from".');
  return { kind: 'range', from: from.data, to: to.data };
}
