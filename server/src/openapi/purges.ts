import { purgeAnswerSchema, purgePreviewSchema } from '@px-platform/schemas';
import { z } from 'zod';
import { newPurgeSchema } from '../admin/purges.ts';
import { answer, bodyProblems, idProblems, types } from './admin.ts';
import type { Operation } from './operation.ts';

const purge = purgeAnswerSchema.meta({ id: 'Purge' });

/** Purges: a person is removed from every table. */
export const purgeOperations: readonly Operation[] = [
  {
    method: 'post',
    path: '/admin/v1/projects/{id}/purges',
    operationId: 'createPurge',
    tag: 'Admin',
    summary: 'Remove a person',
    description:
      'One of `user_id`, `anonymous_id` and `email` says who; all ids that were joined to it go too. `dry_run` counts and removes nothing.',
    access: 'admin',
    params: { path: z.object({ id: z.string() }) },
    body: { schema: newPurgeSchema.meta({ id: 'NewPurgeBody' }), types, example: { user_id: 'user_123' } },
    answers: {
      200: answer('A dry run: what would be removed.', purgePreviewSchema.meta({ id: 'PurgePreview' })),
      201: answer('Noted: it is carried out within seconds, also after a restart.', purge),
    },
    problems: [...bodyProblems, ...idProblems, 'query_over_budget'],
  },
  {
    method: 'get',
    path: '/admin/v1/projects/{id}/purges/{purge}',
    operationId: 'readPurge',
    tag: 'Admin',
    summary: 'Tell how far a purge has come',
    description: '`done`: `left` counts the rows of each table that bear the person, all 0.',
    access: 'admin',
    params: { path: z.object({ id: z.string(), purge: z.string() }) },
    answers: { 200: answer('As it stands.', purge) },
    problems: [...idProblems, 'query_over_budget'],
  },
];
