import {
  deadLetterListSchema,
  keyAnswerSchema,
  keyListSchema,
  letterReplayAnswerSchema,
  newKeyAnswerSchema,
  newProjectAnswerSchema,
  newTenantAnswerSchema,
  type ProblemCode,
  projectAnswerSchema,
  projectListSchema,
  readTokenAnswerSchema,
  rotatedKeyAnswerSchema,
  tenantAnswerSchema,
  tenantListSchema,
} from '@px-platform/schemas';
import { z } from 'zod';
import { deadLettersQuerySchema } from '../admin/dead-letters.ts';
import { rotationSchema } from '../admin/keys.ts';
import { keyChangeSchema, newKeySchema } from '../admin/new-key.ts';
import { newProjectSchema, projectChangeSchema } from '../admin/project-body.ts';
import { newReadTokenSchema } from '../admin/read-tokens.ts';
import { letterReplaySchema } from '../admin/replay-dead-letters.ts';
import { newTenantSchema, tenantChangeSchema } from '../admin/tenants.ts';
import type { Operation } from './operation.ts';

/** JSON, under either type. */
export const types = ['application/json', 'text/plain'];
/** What may be wrong with a body. */
export const bodyProblems: readonly ProblemCode[] = [
  'invalid_json',
  'invalid_body',
  'request_timeout',
  'body_too_large',
  'unsupported_media_type',
  'unsupported_encoding',
];
/** An id in the path may be unknown, or no valid percent-encoding. */
export const idProblems: readonly ProblemCode[] = ['invalid_parameter', 'not_found'];
const id = z.object({ id: z.string() });
const headers = { 'Cache-Control': z.literal('no-store') };
const newTenantAnswer = newTenantAnswerSchema.meta({ id: 'NewTenant' });
const newProjectAnswer = newProjectAnswerSchema.meta({ id: 'NewProject' });
const newKeyAnswer = newKeyAnswerSchema.meta({ id: 'NewKey' });
/** An answer that lies in no cache. */
export const answer = (description: string, schema: z.ZodType) => ({ description, content: { schema }, headers });

const tenants: readonly Operation[] = [
  {
    method: 'post',
    path: '/admin/v1/tenants',
    operationId: 'createTenant',
    tag: 'Admin',
    summary: 'Make a tenant',
    access: 'admin',
    body: { schema: newTenantSchema.meta({ id: 'NewTenantBody' }), types, example: { slug: 'acme', tier: 'pro' } },
    answers: {
      200: answer('The slug is taken: its tenant as it is.', newTenantAnswer),
      201: answer('Made.', newTenantAnswer),
    },
    problems: bodyProblems,
  },
  {
    method: 'get',
    path: '/admin/v1/tenants',
    operationId: 'listTenants',
    tag: 'Admin',
    summary: 'List tenants',
    access: 'admin',
    answers: { 200: answer('All of them.', tenantListSchema) },
    problems: [],
  },
  {
    method: 'patch',
    path: '/admin/v1/tenants/{slug}',
    operationId: 'changeTenant',
    tag: 'Admin',
    summary: 'Change the tier of a tenant',
    description: 'By slug or id. Holds within 5 s.',
    access: 'admin',
    params: { path: z.object({ slug: z.string() }) },
    body: { schema: tenantChangeSchema.meta({ id: 'TenantChangeBody' }), types, example: { tier: 'enterprise' } },
    answers: { 200: answer('As it is now.', tenantAnswerSchema) },
    problems: [...bodyProblems, ...idProblems],
  },
];

const projects: readonly Operation[] = [
  {
    method: 'post',
    path: '/admin/v1/projects',
    operationId: 'createProject',
    tag: 'Admin',
    summary: 'Make a project of a tenant',
    description:
      '`tenant` is a slug or an id. `origins` bind the project’s `pub` keys: `https://acme.com`, `https://*.acme.com`.',
    access: 'admin',
    body: { schema: newProjectSchema.meta({ id: 'NewProjectBody' }), types, example: { tenant: 'acme', name: 'Web' } },
    answers: {
      200: answer('The tenant has a project of that name: as it is.', newProjectAnswer),
      201: answer('Made.', newProjectAnswer),
    },
    problems: [...bodyProblems, 'not_found'],
  },
  {
    method: 'get',
    path: '/admin/v1/projects',
    operationId: 'listProjects',
    tag: 'Admin',
    summary: 'List projects, of one tenant or of all',
    access: 'admin',
    params: { query: z.object({ tenant: z.string().optional() }) },
    answers: { 200: answer('All of them.', projectListSchema) },
    problems: ['invalid_parameter', 'not_found'],
  },
  {
    method: 'patch',
    path: '/admin/v1/projects/{id}',
    operationId: 'changeProject',
    tag: 'Admin',
    summary: 'Change a project',
    description:
      'What is left out stays, of `settings` too, of which null takes one back; 8 KiB of them at most. Holds within 5 s, for events that come from then on.',
    access: 'admin',
    params: { path: id },
    body: {
      schema: projectChangeSchema.meta({ id: 'ProjectChangeBody' }),
      types,
      example: { retention_days: 90, settings: { payment_hosts: ['pay.example.com'], internal_hosts: null } },
    },
    answers: { 200: answer('As it is now.', projectAnswerSchema) },
    problems: [...bodyProblems, ...idProblems],
  },
];

const keys: readonly Operation[] = [
  {
    method: 'post',
    path: '/admin/v1/projects/{id}/keys',
    operationId: 'createKey',
    tag: 'Admin',
    summary: 'Make a key of a project',
    description:
      'The secret is in the answer that made it and never again. A `pub` key writes events alone. `expires_in_ms` or `expires_at`, not both.',
    access: 'admin',
    params: { path: id },
    body: { schema: newKeySchema.meta({ id: 'NewKeyBody' }), types, example: { kind: 'pub', name: 'web' } },
    answers: {
      200: answer('Such a key is in force: as it is, without its secret.', newKeyAnswer),
      201: answer('Made; `key` is its secret.', newKeyAnswer),
    },
    problems: [...bodyProblems, ...idProblems],
  },
  {
    method: 'get',
    path: '/admin/v1/projects/{id}/keys',
    operationId: 'listKeys',
    tag: 'Admin',
    summary: 'List keys of a project',
    access: 'admin',
    params: { path: id },
    answers: { 200: answer('All of them, without secrets.', keyListSchema) },
    problems: idProblems,
  },
  {
    method: 'patch',
    path: '/admin/v1/keys/{id}',
    operationId: 'changeKey',
    tag: 'Admin',
    summary: 'Change the name or the rate of a key',
    description: 'What is left out stays; a rate of null is that of the tenant’s tier. Holds within 5 s.',
    access: 'admin',
    params: { path: id },
    body: { schema: keyChangeSchema.meta({ id: 'KeyChangeBody' }), types, example: { rate_per_minute: 600 } },
    answers: { 200: answer('As it is now.', keyAnswerSchema) },
    problems: [...bodyProblems, ...idProblems],
  },
  {
    method: 'post',
    path: '/admin/v1/keys/{id}/revoke',
    operationId: 'revokeKey',
    tag: 'Admin',
    summary: 'Revoke a key',
    description: 'Holds within 5 s.',
    access: 'admin',
    params: { path: id },
    body: { schema: z.strictObject({}), types, isOptional: true },
    answers: { 200: answer('Revoked, now or before.', keyAnswerSchema) },
    problems: [...bodyProblems, ...idProblems],
  },
  {
    method: 'post',
    path: '/admin/v1/keys/{id}/rotate',
    operationId: 'rotateKey',
    tag: 'Admin',
    summary: 'Make an heir of a key',
    description:
      'The old one is taken for `overlap_ms` more, a day unless told. A key that is not in force is a `conflict`.',
    access: 'admin',
    params: { path: id },
    body: {
      schema: rotationSchema.meta({ id: 'RotationBody' }),
      types,
      example: { overlap_ms: 3_600_000 },
      isOptional: true,
    },
    answers: { 201: answer('Made; `key` is its secret.', rotatedKeyAnswerSchema) },
    problems: [...bodyProblems, ...idProblems, 'conflict'],
  },
];

/** Tenants, projects, keys, read tokens and dead letters. */
export const adminOperations: readonly Operation[] = [
  ...tenants,
  ...projects,
  ...keys,
  {
    method: 'post',
    path: '/admin/v1/projects/{id}/read-tokens',
    operationId: 'createReadToken',
    tag: 'Admin',
    summary: 'Make a token for a page that reads a project',
    description: 'It can’t be revoked: it expires.',
    access: 'admin',
    params: { path: id },
    body: {
      schema: newReadTokenSchema.meta({ id: 'NewReadTokenBody' }),
      types,
      example: { expires_in_ms: 900_000 },
      isOptional: true,
    },
    answers: { 201: answer('Made.', readTokenAnswerSchema) },
    problems: [...bodyProblems, ...idProblems],
  },
  {
    method: 'get',
    path: '/admin/v1/dead-letters',
    operationId: 'listDeadLetters',
    tag: 'Admin',
    summary: 'List what could not be decoded or stored',
    access: 'admin',
    params: { query: deadLettersQuerySchema },
    answers: { 200: answer('Newest first.', deadLetterListSchema) },
    problems: ['invalid_parameter', 'query_over_budget'],
  },
  {
    method: 'post',
    path: '/admin/v1/dead-letters/replay',
    operationId: 'replayDeadLetters',
    tag: 'Admin',
    summary: 'Give a page of dead letters to the log again',
    description:
      'Letters whose records the log has taken are gone; those that are no record of this version stay. Ask again with `after` until it is null. With `dry_run`, nothing is done.',
    access: 'admin',
    body: {
      schema: letterReplaySchema.meta({ id: 'LetterReplayBody' }),
      types,
      example: { from: '2026-01-01T00:00:00Z', dry_run: true },
      isOptional: true,
    },
    answers: { 200: answer('The longest stored first.', letterReplayAnswerSchema) },
    problems: [...bodyProblems, 'query_over_budget', 'not_durable'],
  },
];
