import { z } from 'zod';

/** Fields a question may filter or break down by, beside `properties.<path>`: the closed list. */
export const queryFields = [
  'event',
  'anonymous_id',
  'user_id',
  'person_key',
  'session_id',
  'host',
  'path',
  'url',
  'title',
  'referrer_host',
  'channel',
  'utm_source',
  'utm_medium',
  'utm_campaign',
  'utm_term',
  'utm_content',
  'browser',
  'browser_version',
  'os',
  'os_version',
  'device',
  'device_brand',
  'device_model',
  'is_bot',
  'country',
  'region',
  'city',
  'locale',
  'timezone',
  'library_name',
  'library_version',
] as const;

export type QueryField = (typeof queryFields)[number];

const propertyField = z
  .string()
  .max(400)
  .regex(/^properties\.[^`\\\p{Cc}]{1,390}$/u, 'is neither a known field nor properties.<path>');
const field = z.union([z.enum(queryFields), propertyField]);
const instant = z.iso.datetime({ offset: true });

const filter = z.discriminatedUnion('op', [
  z.strictObject({
    field,
    op: z.enum(['eq', 'ne', 'contains', 'starts_with', 'gt', 'gte', 'lt', 'lte']),
    value: z.union([z.string().max(1_000), z.number(), z.boolean()]),
  }),
  z.strictObject({ field, op: z.enum(['in', 'not_in']), value: z.array(z.string().max(1_000)).min(1).max(200) }),
  z.strictObject({ field, op: z.enum(['is_set', 'is_not_set']) }),
]);

const common = {
  from: instant,
  to: instant,
  timezone: z.string().max(100).default('UTC'),
  event: z.string().max(200).optional(),
  filters: z.array(filter).max(20).default([]),
};

/** Parses a question of `POST /api/v1/query`. Instants are RFC 3339; `to` is exclusive. Source: contract 6. */
export const questionSchema = z.discriminatedUnion('question', [
  z.strictObject({
    question: z.literal('timeseries'),
    ...common,
    interval: z.enum(['minute', 'hour', 'day', 'week', 'month']).default('day'),
    by: field.optional(),
    limit: z.number().int().min(1).max(10_000).default(10_000),
  }),
  z.strictObject({
    question: z.literal('breakdown'),
    ...common,
    by: field,
    limit: z.number().int().min(1).max(1_000).default(50),
  }),
  z.strictObject({
    question: z.literal('events'),
    ...common,
    limit: z.number().int().min(1).max(1_000).default(100),
  }),
]);

export type Question = z.infer<typeof questionSchema>;
export type QuestionOf<K extends Question['question']> = Extract<Question, { question: K }>;
export type QueryFilter = z.infer<typeof filter>;

/** The answer to a question: `rows` hold values in the order of `columns`. */
export interface QueryAnswer {
  columns: string[];
  rows: unknown[][];
  elapsed_ms: number;
  rows_read: number;
}
