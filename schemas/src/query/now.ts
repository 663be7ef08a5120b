import { z } from 'zod';
import { fieldSchema } from './field.ts';
import { narrowing } from './of-every.ts';

/** What is true at the moment of asking, and so takes no time of its own. */
export const nowQuestions = [
  z.strictObject({
    question: z.literal('live_visitors'),
    ...narrowing,
    minutes: z.number().int().min(1).max(60).default(5),
    by: fieldSchema.optional(),
    limit: z.number().int().min(1).max(100).default(20),
  }),
] as const;
