import {
  batchAnswerSchema,
  batchEnvelopeSchema,
  eventAnswerSchema,
  keyLimits,
  singleAuditEventSchema,
  wireAuditEventSchema,
} from '@px-platform/schemas';
import { z } from 'zod';
import { eventBodyProblems } from './events.ts';
import { eventRequest } from './headers.ts';
import type { Operation } from './operation.ts';

const types = ['application/json', 'text/plain'];
const header = z.object(eventRequest);
const example = {
  actor: { id: 'user_123', type: 'user' },
  action: { name: 'invoice.deleted' },
  resource: { type: 'invoice', id: 'inv_7' },
};
const batchBody = z
  .object({
    sent_at: batchEnvelopeSchema.shape.sent_at,
    api_key: batchEnvelopeSchema.shape.api_key,
    events: z.array(wireAuditEventSchema).min(1).max(keyLimits.srv.maxEventsPerBatch),
  })
  .meta({ id: 'AuditBatchBody' });

/** Audit events: who did what to which thing. */
export const auditOperations: readonly Operation[] = [
  {
    method: 'post',
    path: '/v1/events',
    operationId: 'auditEvent',
    tag: 'Audit',
    summary: 'Take one audit event',
    description:
      '202 means durable. Needs a `srv` key with the scope `audit:write`. A field that is not known is refused.',
    access: 'auditor',
    params: { header },
    body: { schema: singleAuditEventSchema.meta({ id: 'AuditEventBody' }), types, isZippable: true, example },
    answers: { 202: { description: 'Durable: the log has it.', content: { schema: eventAnswerSchema } } },
    problems: eventBodyProblems,
  },
  {
    method: 'post',
    path: '/v1/events/batch',
    operationId: 'auditEvents',
    tag: 'Audit',
    summary: 'Take a batch of audit events',
    description: 'Each is taken or refused by itself.',
    access: 'auditor',
    params: { header },
    body: { schema: batchBody, types, isZippable: true, example: { events: [example] } },
    answers: {
      202: { description: 'What was accepted is durable.', content: { schema: batchAnswerSchema } },
      400: { description: 'None was accepted; each says why.', content: { schema: batchAnswerSchema } },
    },
    problems: [...eventBodyProblems, 'empty_batch', 'too_many_events'],
  },
];
