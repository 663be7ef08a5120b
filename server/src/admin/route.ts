import { randomBytes } from 'node:crypto';
import { Router } from 'express';
import { createCheckAdmin, requireAdmin } from '../auth/require-admin.ts';
import { refusePath } from '../http/refuse-unknown.ts';
import type { ServerDeps } from '../server-deps.ts';
import { createDeadLettersRouter } from './dead-letters.ts';
import { createEventSchemasRouter } from './event-schemas.ts';
import { createKeysRouter } from './keys.ts';
import { createProjectsRouter } from './projects.ts';
import { createReadTokensRouter } from './read-tokens.ts';
import { createTenantsRouter } from './tenants.ts';

/** What the admin routes need of the server's dependencies. */
export type AdminDeps = Pick<ServerDeps, 'control' | 'clock' | 'adminToken' | 'tokenSecret'> & {
  readonly config: Pick<ServerDeps['config'], 'REQUEST_TIMEOUT_MS'>;
  readonly reader: Pick<ServerDeps['reader'], 'deadLetters'>;
};

/** `/admin/v1`: tenants, projects, event schemas, keys, read tokens and dead letters, for the admin token only. Source: contract 3. */
export function createAdminRouter(deps: AdminDeps): Router {
  const { control, clock, tokenSecret, reader } = deps;
  const timeoutMs = deps.config.REQUEST_TIMEOUT_MS;
  return Router()
    .use(requireAdmin(createCheckAdmin(deps.adminToken)))
    .use(createTenantsRouter({ control, timeoutMs }))
    .use(createProjectsRouter({ control, timeoutMs }))
    .use(createEventSchemasRouter({ control, timeoutMs }))
    .use(createKeysRouter({ control, clock, randomBytes, timeoutMs }))
    .use(createReadTokensRouter({ control, clock, tokenSecret, timeoutMs }))
    .use(createDeadLettersRouter({ reader }))
    .use(refusePath);
}
