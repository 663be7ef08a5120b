import type { StoredKey } from '@px-platform/control';
import { Router } from 'express';
import { z } from 'zod';
import { isProblem, type Problem, toProblem } from '../http/problem.ts';
import { refuseMethod } from '../http/refuse-unknown.ts';
import { handleRead, handleWrite } from './json-handlers.ts';
import { type MakeKeyDeps, makeKey, toKeyAnswer } from './make-key.ts';
import { isSameKey, keyChangeSchema, newKeySchema, toNewKey } from './new-key.ts';

const dayMs = 24 * 60 * 60 * 1000;
/** Parses the body of `POST /keys/:id/rotate`: at most 90 days, a day unless told. */
export const rotationSchema = z.strictObject({
  overlap_ms: z
    .number()
    .int()
    .min(0)
    .max(90 * dayMs)
    .default(dayMs),
});

/**
 * `POST` and `GET /projects/:id/keys`, `PATCH /keys/:id {name?, rate_per_minute?}`, `POST /keys/:id/revoke`, `POST /keys/:id/rotate {overlap_ms?}`.
 * A key exists where the project has one in force of the same kind, mode, name, scopes and rate, and
 * that expires or not as asked: it is given with 200 and without its secret. Rotating makes a key of
 * the same kind, which lives as long as the old one was to, and lets the old one live `overlap_ms`
 * (default a day) more; a key not in force is a `conflict`.
 */
export function createKeysRouter(deps: MakeKeyDeps & { readonly timeoutMs: number }): Router {
  const { control, clock, timeoutMs } = deps;
  let lastCreation: Promise<unknown> = Promise.resolve();

  return Router()
    .post(
      '/projects/:id/keys',
      handleWrite(newKeySchema, timeoutMs, async (body, { id: projectId }) => {
        if ((await control.findProject(projectId)) === null) return unknownProject(projectId);
        const wanted = toNewKey(body, clock());
        if (isProblem(wanted)) return wanted;
        // One after the other: two callers that ask for one key at once get one.
        const creation = lastCreation.then(async () => {
          const keys = await control.listKeys(projectId);
          const existing = keys.find((key) => isInForce(key, clock()) && isSameKey(key, wanted));
          if (existing !== undefined) return { created: false, ...toKeyAnswer(existing) };
          return makeKey(deps, projectId, wanted);
        });
        lastCreation = creation.catch(() => undefined);
        const answer = await creation;
        return { status: answer.created ? 201 : 200, body: answer };
      }),
    )
    .get(
      '/projects/:id/keys',
      handleRead(z.object({}), async (_query, { id: projectId }) => {
        if ((await control.findProject(projectId)) === null) return unknownProject(projectId);
        return { status: 200, body: { keys: (await control.listKeys(projectId)).map(toKeyAnswer) } };
      }),
    )
    .all('/projects/:id/keys', refuseMethod('GET', 'POST'))
    .patch(
      '/keys/:id',
      handleWrite(keyChangeSchema, timeoutMs, async (body, { id }) => {
        const key = await control.updateKey(id, body);
        return key === null ? unknownKey(id) : { status: 200, body: toKeyAnswer(key) };
      }),
    )
    .all('/keys/:id', refuseMethod('PATCH'))
    .post(
      '/keys/:id/revoke',
      handleWrite(z.strictObject({}), timeoutMs, async (_body, { id }) => {
        const key = await control.revokeKey(id, new Date(clock()));
        return key === null ? unknownKey(id) : { status: 200, body: toKeyAnswer(key) };
      }),
    )
    .all('/keys/:id/revoke', refuseMethod('POST'))
    .post(
      '/keys/:id/rotate',
      handleWrite(rotationSchema, timeoutMs, async ({ overlap_ms }, { id }) => {
        const now = clock();
        const old = await control.findKey(id);
        if (old === null) return unknownKey(id);
        if (!isInForce(old, now)) return toProblem('conflict', `The key ${id} is not in force: create a new one.`);
        const until = Math.min(now + overlap_ms, old.expires_at?.getTime() ?? Number.POSITIVE_INFINITY);
        const answer = await makeKey(deps, old.project_id, { ...old, expires_at: toHeirExpiry(old, now) });
        await control.setKeyExpiry(id, new Date(until));
        const rotated = { rotated_key_id: id, rotated_until: new Date(until).toISOString() };
        return { status: 201, body: { ...answer, ...rotated } };
      }),
    )
    .all('/keys/:id/rotate', refuseMethod('POST'));
}

function isInForce(key: StoredKey, now: number): boolean {
  return key.revoked_at === null && (key.expires_at === null || key.expires_at.getTime() > now);
}

/** The heir of a key that expires lives from now as long as the old one was to live from its making. */
function toHeirExpiry(old: StoredKey, now: number): Date | null {
  return old.expires_at === null ? null : new Date(now + old.expires_at.getTime() - old.created_at.getTime());
}

function unknownProject(id: string): Problem {
  return toProblem('not_found', `There is no project "${id}". GET /admin/v1/projects lists them.`);
}

function unknownKey(id: string): Problem {
  return toProblem('not_found', `There is no key "${id}". GET /admin/v1/projects/<id>/keys lists them by key_id.`);
}
