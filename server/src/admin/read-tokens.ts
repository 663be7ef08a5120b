import type { ControlStore } from '@px-platform/control';
import type { Clock } from '@px-platform/runtime';
import { Router } from 'express';
import { z } from 'zod';
import { createReadToken } from '../auth/read-token.ts';
import { toProblem } from '../http/problem.ts';
import { refuseMethod } from '../http/refuse-unknown.ts';
import { handleWrite } from './json-handlers.ts';

const minuteMs = 60 * 1000;
/** Parses the body of `POST /projects/:id/read-tokens`: 1 s to a day, 15 minutes unless told. */
export const newReadTokenSchema = z.strictObject({
  expires_in_ms: z
    .number()
    .int()
    .min(1_000)
    .max(24 * 60 * minuteMs)
    .default(15 * minuteMs),
});

/**
 * `POST /projects/:id/read-tokens {expires_in_ms?}`: a token for a page that reads this project, for 15
 * minutes unless told, at most a day. It can't be revoked: it expires.
 */
export function createReadTokensRouter(deps: {
  control: ControlStore;
  clock: Clock;
  tokenSecret: Buffer;
  timeoutMs: number;
}): Router {
  const { control, clock, tokenSecret, timeoutMs } = deps;
  return Router()
    .post(
      '/projects/:id/read-tokens',
      handleWrite(newReadTokenSchema, timeoutMs, async ({ expires_in_ms }, { id: projectId }) => {
        if ((await control.findProject(projectId)) === null) {
          return toProblem('not_found', `There is no project "${projectId}". GET /admin/v1/projects lists them.`);
        }
        const expiresAt = clock() + expires_in_ms;
        const token = createReadToken(tokenSecret, { projectId, expiresAt });
        return {
          status: 201,
          body: { token, project_id: projectId, expires_at: new Date(expiresAt).toISOString() },
        };
      }),
    )
    .all('/projects/:id/read-tokens', refuseMethod('POST'));
}
