import { keyLimits, type ProblemCode, segmentAnswerSchema } from '@px-platform/schemas';
import { z } from 'zod';
import { callSchema } from '../segment/call-schema.ts';
import { callPaths } from '../segment/route.ts';
import { eventBodyProblems } from './events.ts';
import { eventRequest } from './headers.ts';
import type { Operation } from './operation.ts';

const types = ['application/json', 'text/plain'];
const header = z.object(eventRequest);
const taken = {
  description: 'What was accepted is durable; refused calls stand in `events`, paths in Segment’s words.',
  content: { schema: segmentAnswerSchema },
};
const problems: readonly ProblemCode[] = [...eventBodyProblems, 'nothing_accepted'];
const examples = {
  track: { event: 'Order Completed', properties: { total: 9.5 } },
  page: { name: 'Home' },
  screen: { name: 'Cart' },
  identify: { traits: { plan: 'pro' } },
  group: { groupId: 'acme' },
  alias: { previousId: 'a1' },
};

const id = z.union([z.string(), z.number()]);
const person = z.union([z.looseObject({ userId: id }), z.looseObject({ anonymousId: id })]);
/** What a call is nothing without. */
const needs = {
  track: z.intersection(z.looseObject({ event: z.string().min(1) }), person),
  page: person,
  screen: person,
  identify: person,
  group: z.intersection(z.looseObject({ groupId: id }), person),
  alias: z.looseObject({ userId: id, previousId: id }),
};
const bodies = Object.fromEntries(
  callPaths.map(([type]) => [type, z.intersection(callSchema, needs[type]).meta({ id: `Segment${type}Body` })]),
);

const single: readonly Operation[] = callPaths.flatMap(([type, paths]) =>
  paths.map((path): Operation => {
    const isLetter = path.length < '/v1/xx'.length;
    return {
      method: 'post',
      path,
      operationId: `segment_${isLetter ? path.slice(4) : type}`,
      tag: 'Segment',
      summary: isLetter ? `As /v1/${type}` : `Take one ${type} call`,
      access: 'writer',
      params: { header },
      body: {
        schema: bodies[type] ?? callSchema,
        types,
        isZippable: true,
        example: { userId: 'user_123', ...examples[type] },
      },
      answers: { 200: taken },
      problems,
    };
  }),
);

const batchBody = z
  .looseObject({
    batch: z
      .array(z.intersection(callSchema, z.looseObject({ type: z.enum(callPaths.map(([type]) => type)) })))
      .min(1)
      .max(keyLimits.srv.maxEventsPerBatch),
    context: z.record(z.string(), z.unknown()).optional(),
    writeKey: z.string().optional(),
  })
  .meta({ id: 'SegmentBatchBody' });

const batches = ['/v1/batch', '/v1/b'].map(
  (path): Operation => ({
    method: 'post',
    path,
    operationId: `segment_${path.slice(4)}`,
    tag: 'Segment',
    summary: path === '/v1/b' ? 'As /v1/batch' : 'Take a batch of calls',
    access: 'writer',
    params: { header },
    body: {
      schema: batchBody,
      types,
      isZippable: true,
      example: { batch: [{ type: 'track', userId: 'user_123', event: 'Order Completed' }] },
    },
    answers: { 200: taken },
    problems: [...problems, 'empty_batch', 'too_many_events'],
  }),
);

/** Segment's HTTP tracking API. */
export const segmentOperations: readonly Operation[] = [...single, ...batches];
