import { z } from 'zod';
import { fieldSchema } from './field.ts';
import { compare, ofEvery } from './of-every.ts';

/** A time series has no more intervals than this. */
export const maxIntervals = 10_000;

const top = { ...ofEvery, compare, limit: z.number().int().min(1).max(1_000).default(50) };
const sourceFields = [
  'channel',
  'referrer_host',
  'utm_source',
  'utm_medium',
  'utm_campaign',
  'utm_term',
  'utm_content',
] as const;

/** How much came, when, from where and on which pages. */
export const trafficQuestions = [
  z.strictObject({ question: z.literal('overview'), ...ofEvery, compare }),
  z.strictObject({
    question: z.literal('timeseries'),
    ...ofEvery,
    compare,
    interval: z.enum(['minute', 'hour', 'day', 'week', 'month']).default('day'),
    by: fieldSchema.optional(),
    limit: z.number().int().min(1).max(maxIntervals).default(maxIntervals),
  }),
  z.strictObject({ question: z.literal('breakdown'), ...top, by: fieldSchema }),
  z.strictObject({ question: z.literal('pages'), ...top }),
  z.strictObject({ question: z.literal('entry_pages'), ...top }),
  z.strictObject({ question: z.literal('exit_pages'), ...top }),
  z.strictObject({ question: z.literal('sources'), ...top, by: z.enum(sourceFields).default('channel') }),
] as const;
