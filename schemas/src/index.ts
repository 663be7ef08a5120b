export {
  deadLetterListSchema,
  deletedEventSchemaAnswerSchema,
  type EventSchemaAnswer,
  eventSchemaAnswerSchema,
  eventSchemaListSchema,
  type KeyAnswer,
  keptLetterSchema,
  keyAnswerSchema,
  keyListSchema,
  type LetterReplayAnswer,
  letterReplayAnswerSchema,
  type NewKeyAnswer,
  newEventSchemaAnswerSchema,
  newKeyAnswerSchema,
  newProjectAnswerSchema,
  newTenantAnswerSchema,
  type ProjectAnswer,
  type PurgeAnswer,
  planModeSchema,
  projectAnswerSchema,
  projectListSchema,
  purgeAnswerSchema,
  purgePreviewSchema,
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
export { type DeadLetterMessage, toDeadLetterMessage } from './dead-letter-message.ts';
export { type ConsentState, type DeadLetter, type EventRow, eventColumns } from './event-row.ts';
export { type GroupAnswer, groupAnswerSchema } from './group-answer.ts';
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
export {
  type ImportEvent,
  type ImportFacts,
  importEventSchema,
  importFactsSchema,
  type KnownFacts,
} from './import-event.ts';
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
  type IdentityDecisionAnswer,
  identityDecisionAnswerSchema,
  identityDecisionKindSchema,
  type PersonAnswer,
  type PersonMergeAnswer,
  personAnswerSchema,
  personMergeListSchema,
} from './person-answers.ts';
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
export {
  type ProjectSettings,
  type ProjectSettingsChange,
  projectSettingsChangeSchema,
  projectSettingsSchema,
} from './project-settings.ts';
export { type QueryField, queryFields } from './query/field.ts';
export type { QueryFilter } from './query/filter.ts';
export { sourceFields } from './query/traffic.ts';
export { type QueryAnswer, type Question, type QuestionOf, questionSchema } from './query.ts';
export { type RollupCheckAnswer, rollupCheckAnswerSchema, rollupProgressSchema } from './rollups.ts';
export { type AuditRowAnswer, auditRowAnswerSchema, type RowAnswer, rowAnswerSchema } from './row-answer.ts';
export { toPlainMail, toTombstoneHash } from './tombstone.ts';
export { auditTopic, deadLetterTopic, eventTopic } from './topics.ts';
export type { BatchDefaults, EventContext, WireBatch, WireEvent } from './wire-event.ts';
export { defaultSchemaVersion, wireSchemaVersion } from './wire-event.ts';
export {
  batchEnvelopeSchema,
  eventContextSchema,
  namedEventSchema,
  singleEventSchema,
  wireEventSchema,
} from './wire-event-schema.ts';
