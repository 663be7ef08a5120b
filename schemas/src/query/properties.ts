import { z } from 'zod';
import { fieldSchema } from './field.ts';
import { range } from './of-every.ts';

const suggestion = {
  ...range,
  event: z.string().max(200).optional(),
  /** Is part of what is suggested, in any case. */
  search: z.string().max(200).default(''),
  limit: z.number().int().min(1).max(200).default(50),
};

/** What may be typed next: told from a sample, never from all rows. */
export const propertyQuestions = [
  z.strictObject({ question: z.literal('property_keys'), ...suggestion }),
  z.strictObject({ question: z.literal('property_values'), ...suggestion, field: fieldSchema }),
] as const;
