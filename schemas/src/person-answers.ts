import { z } from 'zod';

const instant = z.iso.datetime();

/** What an operator may decide of an id. */
export const identityDecisionKindSchema = z.enum(['apart', 'block', 'trust', 'clear']);

/** Whom an id names, as `/admin/v1` tells it; `person_id` null: nobody. Instants are RFC 3339 in UTC, here and below. */
export const personAnswerSchema = z.object({
  project_id: z.string(),
  id: z.string(),
  person_id: z.string().nullable(),
  ids: z.array(z.string()),
  is_identified: z.boolean(),
  identified_at: instant.nullable(),
  properties: z.record(z.string(), z.unknown()),
});

/** What was said of two ids, and what came of it. */
export const personMergeAnswerSchema = z.object({
  at: instant,
  id: z.string(),
  user_id: z.string(),
  source: z.enum(['identify', 'alias', 'blocked']),
  event_id: z.string(),
  outcome: z.enum(['joined', 'blocked_id', 'two_users', 'already_joined', 'quarantined', 'undone']),
});

/** The log of merges of an id, newest first. */
export const personMergeListSchema = z.object({ merges: z.array(personMergeAnswerSchema) });

/** A decision, as it was noted. */
export const identityDecisionAnswerSchema = z.object({
  project_id: z.string(),
  id: z.string(),
  decision: identityDecisionKindSchema,
  decided_at: instant,
  decided_by: z.string(),
  note: z.string(),
});

/** As `personAnswerSchema` parses it; so with the types below. */
export type PersonAnswer = z.infer<typeof personAnswerSchema>;
/** As `personMergeAnswerSchema` parses it. */
export type PersonMergeAnswer = z.infer<typeof personMergeAnswerSchema>;
/** As `identityDecisionAnswerSchema` parses it. */
export type IdentityDecisionAnswer = z.infer<typeof identityDecisionAnswerSchema>;
