import { z } from 'zod';
import { fieldSchema as field } from './field.ts';

const text = z.string().max(1_000);
const conditions = [
  z.strictObject({ field, op: z.enum(['eq', 'ne']), value: z.union([text, z.number(), z.boolean()]) }),
  z.strictObject({ field, op: z.enum(['contains', 'starts_with']), value: text }),
  z.strictObject({ field, op: z.enum(['gt', 'gte', 'lt', 'lte']), value: z.number() }),
  z.strictObject({ field, op: z.enum(['in', 'not_in']), value: z.array(text).min(1).max(200) }),
  z.strictObject({ field, op: z.enum(['is_set', 'is_not_set']) }),
] as const;
const condition = z.discriminatedUnion('op', conditions);
const filter = z.discriminatedUnion('op', [
  ...conditions,
  z.strictObject({ op: z.literal('any'), filters: z.array(condition).min(1).max(20) }),
]);

/** Filters that hold together: at most 20, each a condition on a field or an `any`, of which one holds. */
export const filtersSchema = z.array(filter).max(20).default([]);

/** Segments: named filters to be compared side by side, at most 5. */
export const segmentsSchema = z
  .array(z.strictObject({ name: z.string().min(1).max(100), filters: filtersSchema }))
  .min(1)
  .max(5)
  .refine((segments) => new Set(segments.map(({ name }) => name)).size === segments.length, 'bear the same name twice');

/** One condition on a field (`value` fits `op`), or several of which one holds. */
export type QueryFilter = z.infer<typeof filter>;
