import { groupAnswerSchema } from '@px-platform/schemas';
import { z } from 'zod';
import { answer, idProblems } from './admin.ts';
import type { Operation } from './operation.ts';

const names = z.object({
  id: z.string(),
  group: z.string().meta({ description: 'A `group_id`, percent-encoded.' }),
});

/** What is known of groups. */
export const groupOperations: readonly Operation[] = [
  {
    method: 'get',
    path: '/admin/v1/projects/{id}/groups/{group}',
    operationId: 'getGroup',
    tag: 'Admin',
    summary: 'Give a group: its members, counted, and its properties',
    description: '`members` are persons: two ids of one person are one member.',
    access: 'admin',
    params: { path: names },
    answers: { 200: answer('The group.', groupAnswerSchema) },
    problems: [...idProblems, 'query_over_budget'],
  },
];
