import { z } from 'zod';
import { behaviourQuestions, maxCohorts } from './query/behaviour.ts';
import { nowQuestions } from './query/now.ts';
import { propertyQuestions } from './query/properties.ts';
import { rowQuestions } from './query/rows.ts';
import { maxIntervals, trafficQuestions } from './query/traffic.ts';

const dayMs = 24 * 60 * 60 * 1_000;
const intervalMs = { minute: 60_000, hour: 3_600_000, day: dayMs, week: 7 * dayMs, month: 28 * dayMs } as const;
/** What a DateTime64 holds. */
const earliest = Date.UTC(1900, 0, 1);
const latest = Date.UTC(2300, 0, 1);

const question = z.discriminatedUnion('question', [
  ...trafficQuestions,
  ...behaviourQuestions,
  ...nowQuestions,
  ...propertyQuestions,
  ...rowQuestions,
]);

/**
 * Parses a question of `POST /api/v1/query`. Instants are RFC 3339 within 1900..2299; `to` is exclusive
 * and lies after `from`; a time series has at most 10,000 intervals, a retention 400. Source: contract 6.
 */
export const questionSchema = question.superRefine((asked, context) => {
  const refuse = (path: string[], message: string): void => context.addIssue({ code: 'custom', path, message });
  if (!('from' in asked)) return;
  const mistake = toRangeMistake(asked);
  if (mistake !== null) return refuse([mistake.path], mistake.message);
  if ('compare' in asked && typeof asked.compare === 'object') {
    const compared = toRangeMistake(asked.compare);
    if (compared !== null) return refuse(['compare', compared.path], compared.message);
  }
  if (!('interval' in asked)) return;
  const intervals = Math.ceil((Date.parse(asked.to) - Date.parse(asked.from)) / intervalMs[asked.interval]);
  const most = asked.question === 'retention' ? maxCohorts : maxIntervals;
  if (intervals > most) {
    refuse(
      ['interval'],
      `"from" to "to" holds ${intervals} intervals of one ${asked.interval}, the limit is ${most}: take a longer interval or a shorter time`,
    );
  }
});

function toRangeMistake(range: { from: string; to: string }): { path: string; message: string } | null {
  const from = Date.parse(range.from);
  const to = Date.parse(range.to);
  if (from < earliest || from > latest) return { path: 'from', message: 'lies outside the years 1900 to 2299' };
  if (to < earliest || to > latest) return { path: 'to', message: 'lies outside the years 1900 to 2299' };
  return to <= from ? { path: 'to', message: 'does not lie after "from"' } : null;
}

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
