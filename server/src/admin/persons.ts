import type { ControlStore } from '@px-platform/control';
import type { Clock } from '@px-platform/runtime';
import {
  type IdentityDecisionAnswer,
  identityDecisionKindSchema,
  type PersonAnswer,
  type PersonMergeAnswer,
} from '@px-platform/schemas';
import type { IdentityStore, Person, PersonMerge } from '@px-platform/store';
import { Router } from 'express';
import { z } from 'zod';
import { type Problem, toProblem } from '../http/problem.ts';
import { refuseMethod } from '../http/refuse-unknown.ts';
import { cleanText } from '../ingest/clean-text.ts';
import { handleRead, handleWrite, type JsonAnswer } from './json-handlers.ts';

const text = z.string().transform(cleanText);

/** Parses the body of `POST /projects/:id/identity-decisions`. */
export const identityDecisionSchema = z.strictObject({
  /** An `anonymous_id` or a `user_id`, as it was sent. */
  id: text.pipe(z.string().min(1).max(200)),
  decision: identityDecisionKindSchema,
  decided_by: text.pipe(z.string().max(200)).default('admin'),
  note: text.pipe(z.string().max(1_000)).default(''),
});

/** Parses the query of `GET /projects/:id/persons/:person/merges`: at most 1,000, 100 unless told. */
export const mergesQuerySchema = z.object({ limit: z.coerce.number().int().min(1).max(1_000).default(100) });

/**
 * `GET /projects/:id/persons/:person` by any of the person's ids, `GET .../merges?limit=` of what was said of an id, and
 * `POST /projects/:id/identity-decisions {id, decision, decided_by?, note?}`, which holds from its answer on.
 */
export function createPersonsRouter(deps: {
  control: Pick<ControlStore, 'findProject'>;
  identity: IdentityStore;
  clock: Clock;
  timeoutMs: number;
}): Router {
  const { control, identity, clock, timeoutMs } = deps;
  const one = '/projects/:id/persons/:person';

  async function within(projectId: string, run: () => Promise<JsonAnswer | Problem>): Promise<JsonAnswer | Problem> {
    if ((await control.findProject(projectId)) !== null) return run();
    return toProblem('not_found', `There is no project "${projectId}". GET /admin/v1/projects lists them.`);
  }

  return Router()
    .get(
      one,
      handleRead(z.object({}), (_query, { id: project_id, person: id }) =>
        within(project_id, async () => {
          const person = await identity.personOf(project_id, id);
          return person === null ? unknownPerson(id) : { status: 200, body: toPersonAnswer(project_id, id, person) };
        }),
      ),
    )
    .all(one, refuseMethod('GET'))
    .get(
      `${one}/merges`,
      handleRead(mergesQuerySchema, ({ limit }, { id: project_id, person: id }) =>
        within(project_id, async () => {
          const merges = await identity.mergesOf(project_id, id, limit);
          return { status: 200, body: { merges: merges.map(toMergeAnswer) } };
        }),
      ),
    )
    .all(`${one}/merges`, refuseMethod('GET'))
    .post(
      '/projects/:id/identity-decisions',
      handleWrite(identityDecisionSchema, timeoutMs, ({ id, decision, decided_by, note }, { id: project_id }) =>
        within(project_id, async () => {
          const decidedAt = clock();
          await identity.decide([{ projectId: project_id, id, decision, decidedAt, decidedBy: decided_by, note }]);
          const decided_at = new Date(decidedAt).toISOString();
          const body: IdentityDecisionAnswer = { project_id, id, decision, decided_at, decided_by, note };
          return { status: 201, body };
        }),
      ),
    )
    .all('/projects/:id/identity-decisions', refuseMethod('POST'));
}

function toPersonAnswer(project_id: string, id: string, person: Person): PersonAnswer {
  return {
    project_id,
    id,
    person_id: person.personId,
    ids: [...person.ids],
    is_identified: person.isIdentified,
    identified_at: person.identifiedAt === null ? null : new Date(person.identifiedAt).toISOString(),
    properties: person.properties,
  };
}

function toMergeAnswer({ at, id, userId, source, eventId, outcome }: PersonMerge): PersonMergeAnswer {
  return { at: new Date(at).toISOString(), id, user_id: userId, source, event_id: eventId, outcome };
}

function unknownPerson(id: string): Problem {
  return toProblem(
    'not_found',
    `Nothing was said of the id "${id}": it was never identified and has no properties. Its events, if any, are its own.`,
  );
}
