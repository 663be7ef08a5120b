import {
  deletedEventSchemaAnswerSchema,
  eventSchemaAnswerSchema,
  eventSchemaListSchema,
  newEventSchemaAnswerSchema,
} from '@px-platform/schemas';
import { z } from 'zod';
import { newEventSchemaSchema } from '../admin/event-schemas.ts';
import { answer, bodyProblems, idProblems, types } from './admin.ts';
import type { Operation } from './operation.ts';

const path = '/admin/v1/projects/{id}/event-schemas/{event}';
const names = z.object({
  id: z.string(),
  event: z.string().meta({ description: "The event's name, percent-encoded, 1..200 characters." }),
});
const newEventSchema = newEventSchemaAnswerSchema.meta({ id: 'NewEventSchema' });
const example = {
  mode: 'warn',
  schema: { type: 'object', properties: { properties: { type: 'object', required: ['total'] } } },
};

/** Tracking plans: a JSON Schema for the events of a name. */
export const planOperations: readonly Operation[] = [
  {
    method: 'get',
    path: '/admin/v1/projects/{id}/event-schemas',
    operationId: 'listEventSchemas',
    tag: 'Admin',
    summary: "List the schemas of a project's events",
    access: 'admin',
    params: { path: names.pick({ id: true }) },
    answers: { 200: answer('All of them.', eventSchemaListSchema) },
    problems: idProblems,
  },
  {
    method: 'put',
    path,
    operationId: 'putEventSchema',
    tag: 'Admin',
    summary: 'Set the schema of the events of a name',
    description:
      'A schema that is invalid, or whose checks would have no bound, is `invalid_body` with the path into it; one too many is a `conflict`.',
    access: 'admin',
    params: { path: names },
    body: { schema: newEventSchemaSchema.meta({ id: 'NewEventSchemaBody' }), types, example },
    answers: { 200: answer('Changed.', newEventSchema), 201: answer('Made.', newEventSchema) },
    problems: [...bodyProblems, ...idProblems, 'conflict'],
  },
  {
    method: 'get',
    path,
    operationId: 'getEventSchema',
    tag: 'Admin',
    summary: 'Give the schema of the events of a name',
    access: 'admin',
    params: { path: names },
    answers: { 200: answer('The schema.', eventSchemaAnswerSchema) },
    problems: idProblems,
  },
  {
    method: 'delete',
    path,
    operationId: 'deleteEventSchema',
    tag: 'Admin',
    summary: 'Remove the schema of the events of a name',
    access: 'admin',
    params: { path: names },
    answers: { 200: answer('As it was.', deletedEventSchemaAnswerSchema) },
    problems: idProblems,
  },
];
