import type { ControlStore, EventSchema } from '@px-platform/control';
import { type EventSchemaAnswer, eventLimits, planModeSchema } from '@px-platform/schemas';
import { Router } from 'express';
import { z } from 'zod';
import { type Problem, toProblem } from '../http/problem.ts';
import { refuseMethod } from '../http/refuse-unknown.ts';
import { cleanText } from '../ingest/clean-text.ts';
import { checkSchema } from '../plans/check-schema.ts';
import { handleRead, handleWrite, type JsonAnswer } from './json-handlers.ts';

/** Parses the body of `PUT /projects/:id/event-schemas/:event`; the schema itself is judged by `checkSchema`. */
export const newEventSchemaSchema = z.strictObject({ mode: planModeSchema, schema: z.looseObject({}) });
const nothing = z.object({});

/** Of one project: schemas, and their bytes as JSON. */
const maxSchemas = 500;
const maxBytes = 2 * 1024 * 1024;

/**
 * `PUT /projects/:id/event-schemas/:event {mode, schema}`, `GET` and `DELETE` of it, and `GET /projects/:id/event-schemas`. An
 * event's name is percent-encoded and trimmed as events are. A schema that is invalid, or whose checks would have
 * no bound, is `invalid_body` with the path into it; one too many is a `conflict`.
 */
export function createEventSchemasRouter(deps: { control: ControlStore; timeoutMs: number }): Router {
  const { control, timeoutMs } = deps;
  const one = '/projects/:id/event-schemas/:event';
  const all = '/projects/:id/event-schemas';

  /** Runs where the project exists, and the name may be that of an event. */
  async function within(
    { id, event }: { id: string; event: string },
    run: (event: string) => Promise<JsonAnswer | Problem>,
  ): Promise<JsonAnswer | Problem> {
    const name = cleanText(event).trim();
    if (name === '' || name.length > eventLimits.maxEventNameLength) return badName;
    if ((await control.findProject(id)) === null) return unknownProject(id);
    return run(name);
  }

  return Router()
    .put(
      one,
      handleWrite(newEventSchemaSchema, timeoutMs, ({ mode, schema }, names) =>
        within(names, async (event) => {
          const refused = checkSchema(schema);
          if (refused !== null) return toMistake(`schema${refused.path}`, refused.message);
          const others = (await control.listEventSchemas(names.id)).filter((other) => other.event !== event);
          const tooMany = findExcess([...others.map((other) => other.schema), schema]);
          if (tooMany !== null) return tooMany;
          const { created, value } = await control.putEventSchema({ projectId: names.id, event, mode, schema });
          return { status: created ? 201 : 200, body: { created, ...toAnswer(value) } };
        }),
      ),
    )
    .get(
      one,
      handleRead(nothing, (_query, names) =>
        within(names, async (event) => {
          const found = await control.findEventSchema(names.id, event);
          return found === null ? unknownSchema(event) : { status: 200, body: toAnswer(found) };
        }),
      ),
    )
    .delete(
      one,
      handleRead(nothing, (_query, names) =>
        within(names, async (event) => {
          const deleted = await control.deleteEventSchema(names.id, event);
          return deleted === null
            ? unknownSchema(event)
            : { status: 200, body: { deleted: true, ...toAnswer(deleted) } };
        }),
      ),
    )
    .all(one, refuseMethod('GET', 'PUT', 'DELETE'))
    .get(
      all,
      handleRead(nothing, async (_query, { id }) => {
        if ((await control.findProject(id)) === null) return unknownProject(id);
        return { status: 200, body: { event_schemas: (await control.listEventSchemas(id)).map(toAnswer) } };
      }),
    )
    .all(all, refuseMethod('GET'));
}

function findExcess(schemas: readonly object[]): Problem | null {
  if (schemas.length > maxSchemas) {
    return toProblem('conflict', `The project has schemas of ${maxSchemas} events; no more are taken.`, {
      details: { size: schemas.length, limit: maxSchemas, unit: 'schemas' },
    });
  }
  const bytes = schemas.reduce((sum, schema) => sum + Buffer.byteLength(JSON.stringify(schema)), 0);
  if (bytes <= maxBytes) return null;
  return toProblem('conflict', `The project's schemas would be ${bytes} bytes; at most ${maxBytes} bytes are taken.`, {
    details: { size: bytes, limit: maxBytes, unit: 'bytes' },
  });
}

function toMistake(path: string, message: string): Problem {
  return toProblem('invalid_body', `${path} ${message}`, { details: { issues: [{ path, message }] } });
}

function toAnswer({ updated_at, ...rest }: EventSchema): EventSchemaAnswer {
  return { ...rest, updated_at: updated_at.toISOString() };
}

const badName = toProblem(
  'invalid_parameter',
  `The name of an event has 1..${eventLimits.maxEventNameLength} characters.`,
);

function unknownProject(id: string): Problem {
  return toProblem('not_found', `There is no project "${id}". GET /admin/v1/projects lists them.`);
}

function unknownSchema(event: string): Problem {
  return toProblem(
    'not_found',
    `The event "${event}" has no schema. GET /admin/v1/projects/<id>/event-schemas lists them.`,
  );
}
