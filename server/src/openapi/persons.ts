import { identityDecisionAnswerSchema, personAnswerSchema, personMergeListSchema } from '@px-platform/schemas';
import { z } from 'zod';
import { identityDecisionSchema, mergesQuerySchema } from '../admin/persons.ts';
import { answer, bodyProblems, idProblems, types } from './admin.ts';
import type { Operation } from './operation.ts';

const names = z.object({
  id: z.string(),
  person: z.string().meta({ description: 'An `anonymous_id` or a `user_id`, percent-encoded.' }),
});

/** Who is who, and what an operator decides of it. */
export const personOperations: readonly Operation[] = [
  {
    method: 'get',
    path: '/admin/v1/projects/{id}/persons/{person}',
    operationId: 'getPerson',
    tag: 'Admin',
    summary: 'Give the person whom an id names',
    description: '`person_id` is null where the id names nobody: it is blocked, or in quarantine.',
    access: 'admin',
    params: { path: names },
    answers: { 200: answer('The person.', personAnswerSchema) },
    problems: [...idProblems, 'query_over_budget'],
  },
  {
    method: 'get',
    path: '/admin/v1/projects/{id}/persons/{person}/merges',
    operationId: 'listMerges',
    tag: 'Admin',
    summary: 'List what was said of an id, and what came of it',
    access: 'admin',
    params: { path: names, query: mergesQuerySchema },
    answers: { 200: answer('Newest first.', personMergeListSchema) },
    problems: [...idProblems, 'query_over_budget'],
  },
  {
    method: 'post',
    path: '/admin/v1/projects/{id}/identity-decisions',
    operationId: 'decideIdentity',
    tag: 'Admin',
    summary: 'Decide of an id whom it names',
    description:
      '`apart` undoes the join of the id, `block` makes it nobody, `trust` lifts the limit of ids that may join it, `clear` gives it back to the rules. The last decision holds, from its answer on.',
    access: 'admin',
    params: { path: names.pick({ id: true }) },
    body: {
      schema: identityDecisionSchema.meta({ id: 'IdentityDecisionBody' }),
      types,
      example: { id: 'visitor-1', decision: 'apart', note: 'a shared device' },
    },
    answers: { 201: answer('Noted.', identityDecisionAnswerSchema) },
    problems: [...bodyProblems, ...idProblems],
  },
];
