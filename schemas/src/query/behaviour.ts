import { z } from 'zod';
import { fieldSchema } from './field.ts';
import { filtersSchema } from './filter.ts';
import { narrowing, ofEvery, range } from './of-every.ts';

/** A funnel's window is at most 90 days, in seconds. */
const maxWindowS = 90 * 24 * 60 * 60;

/** A retention has no more cohorts than this: the days of a year. */
export const maxCohorts = 400;

const step = z.strictObject({ event: z.string().min(1).max(200), filters: filtersSchema });
const name = z.string().max(200).optional();

/** What people do one after the other, and whether they come back. */
export const behaviourQuestions = [
  z.strictObject({
    question: z.literal('funnel'),
    ...range,
    ...narrowing,
    steps: z.array(step).min(2).max(10),
    window_s: z.number().int().min(1).max(maxWindowS).default(86_400),
    by: fieldSchema.optional(),
    limit: z.number().int().min(1).max(100).default(10),
  }),
  z.strictObject({
    question: z.literal('retention'),
    ...range,
    ...narrowing,
    cohort: z.enum(['first_time', 'recurring']).default('first_time'),
    start_event: name,
    return_event: name,
    interval: z.enum(['day', 'week', 'month']).default('week'),
    periods: z.number().int().min(1).max(60).default(12),
  }),
  z.strictObject({
    question: z.literal('paths'),
    ...ofEvery,
    start: z.string().max(2_000),
    depth: z.number().int().min(1).max(5).default(3),
    limit: z.number().int().min(1).max(100).default(10),
  }),
] as const;
