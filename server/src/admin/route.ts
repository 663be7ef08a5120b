import { randomBytes } from 'node:crypto';
import { Router } from 'express';
import { createCheckAdmin, requireAdmin } from '../auth/require-admin.ts';
import { refusePath } from '../http/refuse-unknown.ts';
import type { ServerDeps } from '../server-deps.ts';
import { createDeadLettersRouter } from './dead-letters.ts';
import { createEventSchemasRouter } from './event-schemas.ts';
import { createGroupsRouter } from './groups.ts';
import { createKeysRouter } from './keys.ts';
import { createPersonsRouter } from './persons.ts';
import { createProjectsRouter } from './projects.ts';
import { createPurgesRouter } from './purges.ts';
import { createReadTokensRouter } from './read-tokens.ts';
import { createLetterReplayRouter } from './replay-dead-letters.ts';
import { createRollupsRouter } from './rollups.ts';
import { createTenantsRouter } from './tenants.ts';

/** What the admin routes need of the server's dependencies. */
export type AdminDeps = Pick<
  ServerDeps,
  | 'control'
  | 'clock'
  | 'adminToken'
  | 'tokenSecret'
  | 'deadLetters'
  | 'rollups'
  | 'identity'
  | 'purges'
  | 'newId'
  | 'log'
  | 'auditLog'
  | 'logger'
> & {
  readonly config: Pick<ServerDeps['config'], 'REQUEST_TIMEOUT_MS'>;
  readonly reader: Pick<ServerDeps['reader'], 'deadLetters'>;
};

/** `/admin/v1`: tenants, projects, event schemas, keys, read tokens, persons, groups, purges, dead letters and rollups, for the admin token only. Source: contract 3. */
export function createAdminRouter(deps: AdminDeps): Router {
  const { control, clock, tokenSecret, reader, rollups, identity } = deps;
  const timeoutMs = deps.config.REQUEST_TIMEOUT_MS;
  return Router()
    .use(requireAdmin(createCheckAdmin(deps.adminToken)))
    .use(createTenantsRouter({ control, timeoutMs }))
    .use(createProjectsRouter({ control, timeoutMs }))
    .use(createEventSchemasRouter({ control, timeoutMs }))
    .use(createKeysRouter({ control, clock, randomBytes, timeoutMs }))
    .use(createReadTokensRouter({ control, clock, tokenSecret, timeoutMs }))
    .use(createPersonsRouter({ control, identity, clock, timeoutMs }))
    .use(createGroupsRouter({ control, identity }))
    .use(createPurgesRouter({ control, purges: deps.purges, clock, newId: deps.newId, timeoutMs }))
    .use(createDeadLettersRouter({ reader }))
    .use(createLetterReplayRouter({ ...deps, timeoutMs }))
    .use(createRollupsRouter({ control, rollups, timeoutMs }))
    .use(refusePath);
}
