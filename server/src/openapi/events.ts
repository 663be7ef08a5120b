import {
  batchAnswerSchema,
  batchEnvelopeSchema,
  eventAnswerSchema,
  importEventSchema,
  keyLimits,
  namedEventSchema,
  type ProblemCode,
  queueStatusSchema,
  singleEventSchema,
  wireEventSchema,
} from '@px-platform/schemas';
import { z } from 'zod';
import { type NamedRoute, namedRoutes } from '../ingest/parse-named.ts';
import { eventRequest } from './headers.ts';
import type { Operation } from './operation.ts';

/** What may be wrong with a body that bears events. */
export const eventBodyProblems: readonly ProblemCode[] = [
  'invalid_json',
  'invalid_body',
  'invalid_encoding',
  'invalid_schema_version',
  'request_timeout',
  'body_too_large',
  'inflated_too_large',
  'unsupported_media_type',
  'unsupported_encoding',
  'not_durable',
  'overloaded',
];

/** JSON, and the same as text, which a page may send without a preflight. */
const types = ['application/json', 'text/plain'];
const header = z.object(eventRequest);
const taken = { description: 'Durable: the log has it.', content: { schema: eventAnswerSchema } };

/** What the document's schemas can't say of a person: one of the two ids stands there. */
const person = z.union([z.object({ anonymous_id: z.string() }), z.object({ user_id: z.string() })]);
const needs = { user_id: z.object({ user_id: z.string() }) };

const eventBody = z.intersection(singleEventSchema, person).meta({ id: 'EventBody' });
const batchBody = batchEnvelopeSchema
  .extend({ events: z.array(wireEventSchema).min(1).max(keyLimits.srv.maxEventsPerBatch) })
  .meta({ id: 'BatchBody' });
const importBody = batchEnvelopeSchema
  .extend({ events: z.array(importEventSchema).min(1).max(keyLimits.srv.maxEventsPerBatch) })
  .meta({ id: 'ImportBody' });
const toNamedBody = ({ path, event, needs: ids }: NamedRoute) => {
  const name = path.slice('/api/v1/'.length);
  const own = z.object({ event: z.literal(event).optional() });
  return z
    .intersection(z.intersection(namedEventSchema, own), ids.includes('user_id') ? needs.user_id : person)
    .meta({ id: `${name.charAt(0).toUpperCase()}${name.slice(1)}Body` });
};

const named: readonly Operation[] = namedRoutes.map((route) => ({
  method: 'post',
  path: route.path,
  operationId: route.path.slice('/api/v1/'.length),
  tag: 'Events',
  summary: `Take one event named ${route.event}`,
  description: `As \`/api/v1/events\`; the name may be left out. Needs ${route.needs.join(' and ') || 'nothing more'}.`,
  access: 'writer',
  params: { header },
  body: {
    schema: toNamedBody(route),
    types,
    isZippable: true,
    example: { anonymous_id: 'a1', ...Object.fromEntries(route.needs.map((id) => [id, `${id.slice(0, -3)}_123`])) },
  },
  answers: { 202: taken },
  problems: eventBodyProblems,
}));

/** Events of our own form. */
export const eventOperations: readonly Operation[] = [
  {
    method: 'post',
    path: '/api/v1/events',
    operationId: 'event',
    tag: 'Events',
    summary: 'Take one event',
    description:
      '202 means durable. The same `event_id` sent again is the same event. Any mistake in the event is `invalid_body`, with its own code and path in `details`.',
    access: 'writer',
    params: { header },
    body: {
      schema: eventBody,
      types,
      isZippable: true,
      example: { event: 'signup_completed', anonymous_id: 'a1', properties: { plan: 'pro' } },
    },
    answers: { 202: taken },
    problems: eventBodyProblems,
  },
  {
    method: 'post',
    path: '/api/v1/events/batch',
    operationId: 'events',
    tag: 'Events',
    summary: 'Take a batch of events',
    description:
      'Each event is taken or refused by itself. What stands beside `events` holds for each that does not set it. A `pub` key sends 50 at most, a `srv` key 1,000.',
    access: 'writer',
    params: { header },
    body: {
      schema: batchBody,
      types,
      isZippable: true,
      example: { anonymous_id: 'a1', events: [{ event: 'cart_opened' }, { event: 'cart_closed' }] },
    },
    answers: {
      202: { description: 'What was accepted is durable.', content: { schema: batchAnswerSchema } },
      400: { description: 'None was accepted; each says why.', content: { schema: batchAnswerSchema } },
    },
    problems: [...eventBodyProblems, 'empty_batch', 'too_many_events'],
  },
  {
    method: 'post',
    path: '/api/v1/events/import',
    operationId: 'importEvents',
    tag: 'Events',
    summary: 'Take events that came elsewhere, or before',
    description:
      'As a batch, with a `srv` key; each event may tell when it was received, from which address and by which program.',
    access: 'writer',
    params: { header },
    body: {
      schema: importBody,
      types,
      isZippable: true,
      example: {
        events: [{ event: 'signup', anonymous_id: 'a1', received_at: '2026-01-01T00:00:00Z', ip: '203.0.113.7' }],
      },
    },
    answers: {
      202: { description: 'Durable, as far as accepted.', content: { schema: batchAnswerSchema } },
      400: { description: 'Nothing was accepted.', content: { schema: batchAnswerSchema } },
    },
    problems: [...eventBodyProblems, 'empty_batch', 'too_many_events'],
  },
  ...named,
  {
    method: 'get',
    path: '/api/v1/events/queue/status',
    operationId: 'queueStatus',
    tag: 'Events',
    summary: 'Tell how much waits in the log',
    access: 'writer',
    answers: { 200: { description: 'Depth in records, age in ms.', content: { schema: queueStatusSchema } } },
    problems: ['not_durable'],
  },
];
