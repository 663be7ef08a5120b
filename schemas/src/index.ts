export {
  deadLetterListSchema,
  deletedEventSchemaAnswerSchema,
  type EventSchemaAnswer,
  eventSchemaAnswerSchema,
  eventSchemaListSchema,
  type KeyAnswer,
  keyAnswerSchema,
  keyListSchema,
  type NewKeyAnswer,
  newEventSchemaAnswerSchema,
  newKeyAnswerSchema,
  newProjectAnswerSchema,
  newTenantAnswerSchema,
  type ProjectAnswer,
  planModeSchema,
  projectAnswerSchema,
  projectListSchema,
  type RotatedKeyAnswer,
  readTokenAnswerSchema,
  rotatedKeyAnswerSchema,
  type TenantAnswer,
  tenantAnswerSchema,
  tenantListSchema,
} from './admin.ts';
export {
  type AcceptedAuditEvent,
  type AuditRecord,
  parseAuditRecord,
  singleAuditEventSchema,
  type WireAuditEvent,
  wireAuditEventSchema,
} from './audit-event.ts';
export { type AuditRow, auditColumns } from './audit-row.ts';
export { blockedIds, isBlockedId } from './blocked-id.ts';
export { type Migration, readMigrations } from './ddl.ts';
export { type ConsentState, type DeadLetter, type EventRow, eventColumns } from './event-row.ts';
export type {
  BatchAnswer,
  EventAnswer,
  EventResult,
  HealthAnswer,
  QueueStatus,
  SegmentAnswer,
} from './http-answers.ts';
export {
  batchAnswerSchema,
  eventAnswerSchema,
  eventResultSchema,
  healthAnswerSchema,
  problemBodySchema,
  queryAnswerSchema,
  queueStatusSchema,
  rejectionSchema,
  segmentAnswerSchema,
} from './http-answers-schema.ts';
export { clockLimits, eventLimits, type KeyLimits, keyLimits, maxRecordBytes } from './limits.ts';
export {
  type AcceptedEvent,
  encodeLogRecord,
  type IpPolicy,
  type LogRecord,
  parseLogRecord,
  toRecordKey,
} from './log-record.ts';
export {
  type DeadLetterReason,
  type DropReason,
  deadLetterReasons,
  dropReasons,
  type ProblemBody,
  type ProblemCode,
  problemStatus,
  type Rejection,
  type RejectionCode,
  rejectionCodes,
} from './problem.ts';
export { type QueryField, queryFields } from './query/field.ts';
export type { QueryFilter } from './query/filter.ts';
export { type QueryAnswer, type Question, type QuestionOf, questionSchema } from './query.ts';
export { type AuditRowAnswer, auditRowAnswerSchema, type RowAnswer, rowAnswerSchema } from './row-answer.ts';
export { auditTopic, eventTopic } from './topics.ts';
export type { BatchDefaults, EventContext, WireBatch, WireEvent } from './wire-event.ts';
export { defaultSchemaVersion, wireSchemaVersion } from './wire-event.ts';
export {
  batchEnvelopeSchema,
  eventContextSchema,
  namedEventSchema,
  singleEventSchema,
  wireEventSchema,
} from './wire-event-schema.ts';
