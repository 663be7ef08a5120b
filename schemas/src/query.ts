import { z } from 'zod';
import { fieldSchema } from './query/field.ts';
import { ofEvery } from './query/of-every.ts';

const dayMs = 24 * 60 * 60 * 1_000;
const intervalMs = { minute: 60_000, hour: 3_600_000, day: dayMs, week: 7 * dayMs, month: 28 * dayMs } as const;
const maxIntervals = 10_000;
/** What a DateTime64 holds. */
const earliest = Date.UTC(1900, 0, 1);
const latest = Date.UTC(2300, 0, 1);

const question = z.discriminatedUnion('question', [
  z.strictObject({
    question: z.literal('timeseries'),
    ...ofEvery,
    interval: z.enum(['minute', 'hour', 'day', 'week', 'month']).default('day'),
    by: fieldSchema.optional(),
    limit: z.number().int().min(1).max(maxIntervals).default(maxIntervals),
  }),
  z.strictObject({
    question: z.literal('breakdown'),
    ...ofEvery,
    by: fieldSchema,
    limit: z.number().int().min(1).max(1_000).default(50),
  }),
  z.strictObject({
    question: z.literal('events'),
    ...ofEvery,
    limit: z.number().int().min(1).max(1_000).default(100),
  }),
]);

/**
 * Parses a question of `POST /api/v1/query`. Instants are RFC 3339 within 1900..2299; `to` is exclusive
 * and lies after `from`; a time series has at most 10,000 intervals. Source: contract 6.
 */
export const questionSchema = question.superRefine((asked, context) => {
  const refuse = (path: string, message: string): void => context.addIssue({ code: 'custom', path: [path], message });
  const from = Date.parse(asked.from);
  const to = Date.parse(asked.to);
  if (from < earliest || from > latest) return refuse('from', 'lies outside the years 1900 to 2299');
  if (to < earliest || to > latest) return refuse('to', 'lies outside the years 1900 to 2299');
  if (to <= from) return refuse('to', 'does not lie after "from"');
  if (asked.question !== 'timeseries') return;
  const intervals = Math.ceil((to - from) / intervalMs[asked.interval]);
  if (intervals > maxIntervals) {
    refuse(
      'interval',
      `"from" to "to" holds ${intervals} intervals of one ${asked.interval}, the limit is ${maxIntervals}: take a longer interval or a shorter time`,
    );
  }
});

/** A question once parsed, its defaults filled in. */
export type Question = z.infer<typeof questionSchema>;
/** The question of one kind, as `QuestionOf<'timeseries'>`. */
export type QuestionOf<K extends Question['question']> = Extract<Question, { question: K }>;

/** The answer to a question: `rows` hold values in the order of `columns`. */
export interface QueryAnswer {
  columns: string[];
  rows: unknown[][];
  elapsed_ms: number;
  rows_read: number;
}
