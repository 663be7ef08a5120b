import type { ControlStore } from '@px-platform/control';
import type { GroupAnswer } from '@px-platform/schemas';
import type { Group, IdentityStore } from '@px-platform/store';
import { Router } from 'express';
import { z } from 'zod';
import { toProblem } from '../http/problem.ts';
import { refuseMethod } from '../http/refuse-unknown.ts';
import { handleRead } from './json-handlers.ts';

const one = '/projects/:id/groups/:group';

/** `GET /projects/:id/groups/:group`: how many persons a group has, since when, and what is known of it. */
export function createGroupsRouter(deps: {
  control: Pick<ControlStore, 'findProject'>;
  identity: Pick<IdentityStore, 'groupOf'>;
}): Router {
  return Router()
    .get(
      one,
      handleRead(z.object({}), async (_query, { id: project_id, group: group_id }) => {
        if ((await deps.control.findProject(project_id)) === null)
          return toProblem('not_found', `There is no project "${project_id}". GET /admin/v1/projects lists them.`);
        const group = await deps.identity.groupOf(project_id, group_id);
        return group === null
          ? toProblem('not_found', `No event named the group "${group_id}", by /api/v1/group or PX.group.`)
          : { status: 200, body: toGroupAnswer(project_id, group_id, group) };
      }),
    )
    .all(one, refuseMethod('GET'));
}

function toGroupAnswer(project_id: string, group_id: string, group: Group): GroupAnswer {
  return {
    project_id,
    group_id,
    members: group.members,
    first_at: toInstant(group.firstAt),
    last_at: toInstant(group.lastAt),
    properties: group.properties,
  };
}

function toInstant(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
