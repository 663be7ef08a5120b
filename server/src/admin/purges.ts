import type { ControlStore } from '@px-platform/control';
import type { Clock } from '@px-platform/runtime';
import { eventLimits, isBlockedId, type PurgeAnswer } from '@px-platform/schemas';
import type { Purge, PurgeDesk, PurgeSubject } from '@px-platform/store';
import { Router } from 'express';
import { z } from 'zod';
import { type Problem, toProblem } from '../http/problem.ts';
import { refuseMethod } from '../http/refuse-unknown.ts';
import { handleRead, handleWrite } from './json-handlers.ts';

const id = z
  .string()
  .trim()
  .min(1)
  .max(eventLimits.maxPersonIdLength)
  .refine((text) => !isBlockedId(text), 'names nobody: it would be everybody')
  .optional();

/** Parses the body of `POST /projects/:id/purges`: one of the three says who. */
export const newPurgeSchema = z
  .strictObject({
    user_id: id,
    anonymous_id: id,
    /** In the property or the trait `email` of any event. */
    email: z.email().max(320).optional(),
    dry_run: z.boolean().default(false),
  })
  .refine(
    ({ user_id, anonymous_id, email }) =>
      [user_id, anonymous_id, email].filter((one) => one !== undefined).length === 1,
    'give user_id, anonymous_id or email, and one of them alone',
  );

/** `POST /projects/:id/purges {user_id | anonymous_id | email, dry_run?}` and `GET /projects/:id/purges/:purge`. */
export function createPurgesRouter(deps: {
  control: ControlStore;
  purges: PurgeDesk;
  clock: Clock;
  newId: () => string;
  timeoutMs: number;
}): Router {
  const { control, purges, clock, newId, timeoutMs } = deps;
  return Router()
    .post(
      '/projects/:id/purges',
      handleWrite(newPurgeSchema, timeoutMs, async (body, names) => {
        const subject = toSubject(body);
        const project = await control.findProject(names.id);
        if (project === null || subject === null) return unknownProject(names.id);
        if (body.dry_run) {
          const preview = await purges.preview(project.id, subject);
          return { status: 200, body: { dry_run: true, project_id: project.id, subject: subject.kind, ...preview } };
        }
        const purge = await purges.request({ id: newId(), projectId: project.id, subject, at: clock() });
        return { status: 201, body: toPurgeAnswer(purge) };
      }),
    )
    .get(
      '/projects/:id/purges/:purge',
      handleRead(z.object({}), async (_query, names) => {
        const isId = z.uuid().safeParse(names.purge).success;
        const purge = isId ? await purges.find(names.id, names.purge) : null;
        if (purge !== null) return { status: 200, body: toPurgeAnswer(purge) };
        return toProblem('not_found', `There is no purge "${names.purge}" of this project.`);
      }),
    )
    .all('/projects/:id/purges', refuseMethod('POST'))
    .all('/projects/:id/purges/:purge', refuseMethod('GET'));
}

function toSubject({ user_id, anonymous_id, email }: z.infer<typeof newPurgeSchema>): PurgeSubject | null {
  if (user_id !== undefined) return { kind: 'user_id', value: user_id };
  if (anonymous_id !== undefined) return { kind: 'anonymous_id', value: anonymous_id };
  return email === undefined ? null : { kind: 'email', value: email };
}

function unknownProject(id: string): Problem {
  return toProblem('not_found', `There is no project "${id}".`);
}

function toPurgeAnswer(purge: Purge): PurgeAnswer {
  return {
    purge_id: purge.id,
    project_id: purge.projectId,
    subject: purge.kind,
    state: purge.state,
    requested_at: new Date(purge.requestedAt).toISOString(),
    deleted_before: toInstant(purge.deletedBefore),
    finished_at: toInstant(purge.finishedAt),
    ids: purge.ids,
    found: { ...purge.found },
    left: { ...purge.left },
  };
}

function toInstant(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
