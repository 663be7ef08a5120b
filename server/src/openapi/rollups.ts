import { type ProblemCode, rollupCheckAnswerSchema, rollupProgressSchema } from '@px-platform/schemas';
import { rollupCheckSchema, rollupRangeSchema } from '../admin/rollups.ts';
import { answer, bodyProblems, types } from './admin.ts';
import type { Operation } from './operation.ts';

const progress = rollupProgressSchema.meta({ id: 'RollupProgress' });
const example = { project_id: 'prj_0123456789abcdefghij', from: '2026-11-01T00:00:00Z', to: '2026-12-01T00:00:00Z' };
const problems: readonly ProblemCode[] = ['invalid_parameter', 'not_found', 'query_over_budget'];

/** Hourly rollups: how far they have come, made anew, and compared with the events. */
export const rollupOperations: readonly Operation[] = [
  {
    method: 'get',
    path: '/admin/v1/rollups',
    operationId: 'getRollups',
    tag: 'Admin',
    summary: 'Tell how far the rollups of a time have come',
    access: 'admin',
    params: { query: rollupRangeSchema },
    answers: { 200: answer('Hours that hold events, and how many of them wait.', progress) },
    problems,
  },
  {
    method: 'post',
    path: '/admin/v1/rollups/rebuild',
    operationId: 'rebuildRollups',
    tag: 'Admin',
    summary: 'Have the rollups of a time made anew from its events',
    description: 'They are made one day after the other; questions read the events until they are.',
    access: 'admin',
    body: { schema: rollupRangeSchema.meta({ id: 'RollupRange' }), types, example },
    answers: { 200: answer('Begun: how many hours wait.', progress) },
    problems: [...bodyProblems, 'not_found', 'query_over_budget'],
  },
  {
    method: 'get',
    path: '/admin/v1/rollups/check',
    operationId: 'checkRollups',
    tag: 'Admin',
    summary: 'Compare the rollups of a time with its events',
    description: 'At most 31 days at once.',
    access: 'admin',
    params: { query: rollupCheckSchema },
    answers: { 200: answer('What differs, the first 100.', rollupCheckAnswerSchema) },
    problems,
  },
];
