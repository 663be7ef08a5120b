import { queryAnswerSchema, questionSchema } from '@px-platform/schemas';
import { z } from 'zod';
import type { Operation } from './operation.ts';

const instant = z.iso.datetime({ offset: true });
const noStore = { 'Cache-Control': z.string() };

const toExport = (path: string, operationId: string, what: 'Row' | 'AuditRow'): Operation => ({
  method: 'get',
  path,
  operationId,
  tag: 'Reading',
  summary: `Give every ${what} of a time`,
  description: `By \`received_at\`, \`from\` <= t < \`to\`. Each line is a \`${what}\` as JSON. Where the store fails half way, the connection breaks: a short answer never looks like a whole one.`,
  access: 'reader',
  params: { query: z.object({ from: instant, to: instant }) },
  answers: {
    200: {
      description: 'A row a line.',
      content: { type: 'application/x-ndjson', schema: z.string() },
      headers: noStore,
    },
  },
  problems: ['invalid_parameter', 'query_over_budget'],
});

/** Questions, the exports, and rows as they are stored. */
export const readingOperations: readonly Operation[] = [
  {
    method: 'post',
    path: '/api/v1/query',
    operationId: 'query',
    tag: 'Reading',
    summary: 'Answer a question',
    description:
      '`to` is exclusive and lies after `from`, both within 1900..2299; a time series has at most 10,000 intervals, a retention 400. An unknown key is refused.',
    access: 'reader',
    body: {
      schema: questionSchema.meta({ id: 'Question' }),
      types: ['application/json', 'text/plain'],
      isZippable: true,
      example: {
        question: 'breakdown',
        by: 'country',
        event: 'page_view',
        from: '2026-01-01T00:00:00Z',
        to: '2026-02-01T00:00:00Z',
      },
    },
    answers: {
      200: { description: 'Values in the order of `columns`.', content: { schema: queryAnswerSchema } },
    },
    problems: [
      'invalid_json',
      'invalid_body',
      'invalid_encoding',
      'request_timeout',
      'body_too_large',
      'inflated_too_large',
      'unsupported_media_type',
      'unsupported_encoding',
      'query_over_budget',
    ],
  },
  toExport('/api/v1/export/events', 'exportEvents', 'Row'),
  toExport('/api/v1/export/audit-events', 'exportAuditEvents', 'AuditRow'),
  {
    method: 'get',
    path: '/api/v1/live',
    operationId: 'live',
    tag: 'Reading',
    summary: 'Stream rows as they are stored',
    description:
      'Server-sent events; the data of each is a `Row` as JSON. A row may come twice, none is left out. The stream ends when the key is revoked, when the token expires, and when the server stops.',
    access: 'reader',
    params: {
      header: z.object({
        'Last-Event-ID': z.string().optional().meta({ description: 'Goes on after this event.' }),
      }),
    },
    answers: {
      200: {
        description: 'Does not end by itself.',
        content: { type: 'text/event-stream', schema: z.string() },
        headers: noStore,
      },
    },
    problems: ['query_over_budget'],
  },
];
