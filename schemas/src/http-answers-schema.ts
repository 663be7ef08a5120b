import { z } from 'zod';
import type {
  BatchAnswer,
  EventAnswer,
  EventResult,
  HealthAnswer,
  QueueStatus,
  SegmentAnswer,
} from './http-answers.ts';
import { type ProblemBody, type ProblemCode, problemStatus, type Rejection, rejectionCodes } from './problem.ts';
import type { QueryAnswer } from './query.ts';

const count = z.int().min(0);
const instant = z.iso.datetime();

/** The codes of the closed list, as a tuple that `z.enum` takes. */
const codes = Object.keys(problemStatus) as [ProblemCode, ...ProblemCode[]];

/** Tells what a `ProblemBody` looks like. */
export const problemBodySchema = z.object({
  error: z.object({
    code: z.enum(codes),
    message: z.string(),
    request_id: z.string(),
    details: z.record(z.string(), z.unknown()).exactOptional(),
  }),
}) satisfies z.ZodType<ProblemBody>;

/** Tells what a `Rejection` looks like. */
export const rejectionSchema = z.object({
  code: z.enum(rejectionCodes),
  message: z.string(),
  path: z.string(),
}) satisfies z.ZodType<Rejection>;

/** Tells what an `EventResult` looks like. */
export const eventResultSchema = z.object({
  index: count,
  event_id: z.guid().nullable(),
  status: z.enum(['accepted', 'rejected']),
  error: rejectionSchema.exactOptional(),
}) satisfies z.ZodType<EventResult>;

/** Tells what an `EventAnswer` looks like. */
export const eventAnswerSchema = z.object({
  event_id: z.guid(),
  received_at: instant,
}) satisfies z.ZodType<EventAnswer>;

/** Tells what a `BatchAnswer` looks like. */
export const batchAnswerSchema = z.object({
  accepted: count,
  rejected: count,
  events: z.array(eventResultSchema),
}) satisfies z.ZodType<BatchAnswer>;

/** Tells what a `SegmentAnswer` looks like. */
export const segmentAnswerSchema = z.object({
  success: z.literal(true),
  rejected: count.exactOptional(),
  events: z.array(eventResultSchema).exactOptional(),
}) satisfies z.ZodType<SegmentAnswer>;

/** Tells what a `QueueStatus` looks like. */
export const queueStatusSchema = z.object({
  backend: z.string(),
  depth: count,
  oldest_age_ms: z.number(),
  spooled: count,
  lag_by_partition: z.record(z.string(), count),
  spool: z
    .object({
      in_use: z.boolean(),
      depth: count,
      bytes: count,
      max_bytes: count,
      oldest_age_ms: z.number(),
      set_aside: count,
    })
    .exactOptional(),
}) satisfies z.ZodType<QueueStatus>;

/** Tells what a `HealthAnswer` looks like. */
export const healthAnswerSchema = z.object({
  status: z.enum(['ok', 'degraded', 'down']),
  version: z.string(),
  uptime_ms: z.number(),
  dependencies: z.record(
    z.string(),
    z.object({ status: z.enum(['ok', 'down']), latency_ms: z.number(), message: z.string().exactOptional() }),
  ),
}) satisfies z.ZodType<HealthAnswer>;

/** Tells what a `QueryAnswer` looks like. */
export const queryAnswerSchema = z.object({
  columns: z.array(z.string()),
  rows: z.array(z.array(z.unknown())),
  elapsed_ms: z.number(),
  rows_read: z.number(),
}) satisfies z.ZodType<QueryAnswer>;
