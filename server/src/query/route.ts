import { questionSchema } from '@px-platform/schemas';
import type { EventReader } from '@px-platform/store';
import { type Request, type Response, Router } from 'express';
import type { Admit } from '../auth/admit.ts';
import { checkContentType } from '../http/check-content-type.ts';
import { inflate } from '../http/inflate.ts';
import { parseJson } from '../http/parse-json.ts';
import { isProblem, type Problem, sendProblem, toProblem } from '../http/problem.ts';
import { aborted, readBody } from '../http/read-body.ts';
import { refuseMethod } from '../http/refuse-unknown.ts';
import { contextOf } from '../http/request-context.ts';
import { sendJson } from '../http/send-json.ts';
import { projectOf } from './project-of.ts';

/** A question is small; its longest parts are lists of values to compare with. */
const maxQuestionBytes = 256 * 1024;

/** What the query route needs from outside. */
export interface QueryDeps {
  readonly reader: EventReader;
  readonly admit: Admit;
  readonly timeoutMs: number;
}

/**
 * Mounts `POST /api/v1/query`: a question of `questionSchema` -> `{columns, rows, elapsed_ms,
 * rows_read}`, bound to the project of the key or read token. Source: contract 6.
 */
export function createQueryRouter(deps: QueryDeps): Router {
  const router = Router();
  router.route('/api/v1/query').post(createHandler(deps)).all(refuseMethod('POST'));
  return router;
}

function createHandler(deps: QueryDeps): (req: Request, res: Response) => Promise<void> {
  return async (req, res) => {
    const json = await readJson(req, res, deps.timeoutMs);
    if (json === aborted) {
      contextOf(res).outcome = aborted;
      return;
    }
    const caller = await deps.admit(req, res, { scope: 'query:read' });
    if (isProblem(caller)) return sendProblem(res, caller);
    if (isProblem(json)) return sendProblem(res, json);

    const question = questionSchema.safeParse(json.value);
    if (!question.success) {
      const issues = question.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
      const first = issues[0] ?? { path: '', message: 'wrong shape' };
      const problem = toProblem('invalid_body', `${first.path}: ${first.message}`, { details: { issues } });
      return sendProblem(res, problem);
    }
    sendJson(res, 200, await deps.reader.ask(projectOf(caller), question.data));
  };
}

async function readJson(
  req: Request,
  res: Response,
  timeoutMs: number,
): Promise<{ kind: 'json'; value: unknown } | Problem | typeof aborted> {
  const bytes = await readBody(req, res, { maxBytes: maxQuestionBytes, timeoutMs });
  if (bytes === aborted || isProblem(bytes)) return bytes;
  const refused = checkContentType(req.headers['content-type']);
  if (refused !== null) return refused;
  const text = await inflate(bytes, req.headers['content-encoding'], maxQuestionBytes);
  return isProblem(text) ? text : parseJson(text);
}
