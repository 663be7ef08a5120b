import { z } from 'zod';
import { fieldSchema } from './field.ts';
import { compare, ofEvery } from './of-every.ts';

/** A time series has no more intervals than this. */
export const maxIntervals = 10_000;

const top = { ...ofEvery, compare, limit: z.number().int().min(1).max(1_000).default(50) };
/** What of a session's first event says where it came from: columns of `events`. */
export const sourceFields = [
  'channel',
  'referrer_host',
  'utm_source',
  'utm_medium',
  'utm_campaign',
  'utm_term',
  'utm_content',
] as const;

/** Which columns are counted and answered, in this order; all where left out. */
const measuresOf = <const T extends readonly [string, ...string[]]>(names: T) =>
  z
    .array(z.enum(names))
    .min(1)
    .refine((measures) => new Set(measures).size === measures.length, 'names one twice')
    .optional();
const ofVisits = measuresOf(['events', 'visitors', 'sessions']);

/** How much came, when, from where and on which pages. */
export const trafficQuestions = [
  z.strictObject({
    question: z.literal('overview'),
    ...ofEvery,
    compare,
    measures: measuresOf(['visitors', 'sessions', 'page_views', 'events', 'bounce_rate01', 'mean_duration_ms']),
  }),
  z.strictObject({
    question: z.literal('timeseries'),
    ...ofEvery,
    compare,
    interval: z.enum(['minute', 'hour', 'day', 'week', 'month']).default('day'),
    by: fieldSchema.optional(),
    limit: z.number().int().min(1).max(maxIntervals).default(maxIntervals),
    measures: ofVisits,
  }),
  z.strictObject({ question: z.literal('breakdown'), ...top, by: fieldSchema, measures: ofVisits }),
  z.strictObject({
    question: z.literal('pages'),
    ...top,
    measures: measuresOf(['page_views', 'visitors', 'sessions']),
  }),
  z.strictObject({ question: z.literal('entry_pages'), ...top }),
  z.strictObject({ question: z.literal('exit_pages'), ...top }),
  z.strictObject({ question: z.literal('sources'), ...top, by: z.enum(sourceFields).default('channel') }),
] as const;
