import { healthAnswerSchema } from '@px-platform/schemas';
import { z } from 'zod';
import type { Operation } from './operation.ts';

const health = (path: string, operationId: string, summary: string): Operation => ({
  method: 'get',
  path,
  operationId,
  tag: 'Running',
  summary,
  access: 'anyone',
  answers: {
    200: {
      description: '`ok`, or `degraded`: events are taken, and stored later.',
      content: { schema: healthAnswerSchema },
    },
    503: {
      description: '`down`: events can’t be taken, or the server stops.',
      content: { schema: healthAnswerSchema },
    },
  },
  problems: [],
});

const asBefore = { description: 'As the client has it.' };
const page = { 'Content-Security-Policy': z.string() };

/** Health, metrics, and this document. */
export const runningOperations: readonly Operation[] = [
  health('/health', 'health', 'Tell how the server and what it leans on are'),
  health('/health/ready', 'ready', 'As /health'),
  {
    method: 'get',
    path: '/health/live',
    operationId: 'live_process',
    tag: 'Running',
    summary: 'Answer while the process does',
    access: 'anyone',
    answers: { 200: { description: 'Looks at nothing else.', content: { schema: healthAnswerSchema } } },
    problems: [],
  },
  {
    method: 'get',
    path: '/metrics',
    operationId: 'metrics',
    tag: 'Running',
    summary: 'Give Prometheus’ text format',
    description: 'For loopback, private networks or the admin token.',
    access: 'near',
    answers: { 200: { description: 'The figures.', content: { type: 'text/plain', schema: z.string() } } },
    problems: [],
  },
  {
    method: 'get',
    path: '/openapi.json',
    operationId: 'openapi',
    tag: 'Running',
    summary: 'Give this document',
    access: 'anyone',
    answers: {
      200: { description: 'OpenAPI 3.1.', content: { schema: z.record(z.string(), z.unknown()) } },
      304: asBefore,
    },
    problems: [],
  },
  {
    method: 'get',
    path: '/docs',
    operationId: 'docs',
    tag: 'Running',
    summary: 'Show this document as a page',
    access: 'anyone',
    description: 'Swagger UI; what it loads comes from this server too.',
    answers: {
      200: { description: 'The page.', content: { type: 'text/html', schema: z.string() }, headers: page },
      304: asBefore,
    },
    problems: [],
  },
  {
    method: 'get',
    path: '/docs/start.js',
    operationId: 'docsStart',
    tag: 'Running',
    summary: 'Give what starts the page',
    access: 'anyone',
    answers: {
      200: { description: 'The script.', content: { type: 'text/javascript', schema: z.string() } },
      304: asBefore,
    },
    problems: [],
  },
  {
    method: 'get',
    path: '/docs/{file}',
    operationId: 'docsFile',
    tag: 'Running',
    summary: 'Give a file that the page loads',
    access: 'anyone',
    params: { path: z.object({ file: z.string() }) },
    answers: {
      200: { description: 'The file.', content: { type: 'text/javascript', schema: z.string() } },
      304: asBefore,
    },
    problems: ['invalid_parameter', 'not_found'],
  },
];
