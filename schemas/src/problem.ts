/**
 * Every problem a request can meet, with its HTTP status: the closed list.
 * Source: contract 2.
 */
export const problemStatus = {
  invalid_json: 400,
  invalid_body: 400,
  invalid_encoding: 400,
  invalid_schema_version: 400,
  invalid_parameter: 400,
  empty_batch: 400,
  nothing_accepted: 400,
  missing_key: 401,
  malformed_key: 401,
  unknown_key: 401,
  invalid_token: 401,
  revoked_key: 403,
  expired_key: 403,
  missing_scope: 403,
  origin_not_allowed: 403,
  project_mismatch: 403,
  not_private: 403,
  not_found: 404,
  method_not_allowed: 405,
  request_timeout: 408,
  conflict: 409,
  body_too_large: 413,
  inflated_too_large: 413,
  too_many_events: 413,
  unsupported_media_type: 415,
  unsupported_encoding: 415,
  query_over_budget: 422,
  rate_limited: 429,
  headers_too_large: 431,
  internal: 500,
  not_durable: 503,
  not_ready: 503,
  overloaded: 503,
} as const;

/** A code of the closed list above. */
export type ProblemCode = keyof typeof problemStatus;

/** The one shape of a refused request. */
export interface ProblemBody {
  error: {
    code: ProblemCode;
    message: string;
    request_id: string;
    details?: Record<string, unknown>;
  };
}

/** Why one event of a batch was refused: the closed list. */
export const rejectionCodes = [
  'invalid_event',
  'invalid_event_id',
  'invalid_timestamp',
  'missing_person',
  'event_too_large',
  'too_deep',
  'too_many_keys',
  'key_too_long',
  'schema_violation',
] as const;

/** A code of the closed list above. */
export type RejectionCode = (typeof rejectionCodes)[number];

/** Why one event was refused. `path` points into the event, as `properties.a.0.b`. */
export interface Rejection {
  code: RejectionCode;
  message: string;
  path: string;
}

/** Why the pipeline dropped an event that the log held: the closed list. */
export const dropReasons = ['duplicate', 'purged'] as const;

/** A reason of the closed list above. */
export type DropReason = (typeof dropReasons)[number];

/** Why a record or a row was set aside for replay: the closed list. */
export const deadLetterReasons = ['corrupt_record', 'undecodable_record', 'stage_failed', 'row_refused'] as const;

/** A reason of the closed list above. */
export type DeadLetterReason = (typeof deadLetterReasons)[number];
