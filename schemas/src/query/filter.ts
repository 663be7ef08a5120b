import { z } from 'zod';
import { fieldSchema as field } from './field.ts';

const text = z.string().max(1_000);
/** One condition on a field; `value` fits `op`. */
export const filterSchema = z.discriminatedUnion('op', [
  z.strictObject({ field, op: z.enum(['eq', 'ne']), value: z.union([text, z.number(), z.boolean()]) }),
  z.strictObject({ field, op: z.enum(['contains', 'starts_with']), value: text }),
  z.strictObject({ field, op: z.enum(['gt', 'gte', 'lt', 'lte']), value: z.number() }),
  z.strictObject({ field, op: z.enum(['in', 'not_in']), value: z.array(text).min(1).max(200) }),
  z.strictObject({ field, op: z.enum(['is_set', 'is_not_set']) }),
]);

/** One condition on a field; `value` fits `op`. */
export type QueryFilter = z.infer<typeof filterSchema>;
