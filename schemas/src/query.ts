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
  'source',
  'medium',
  'utm_source',
  'utm_medium',
  'utm_campaign',
  'utm_term',
  'utm_content',
  'first_touch_channel',
  'first_touch_source',
  'first_touch_medium',
  'first_touch_campaign',
  'last_touch_channel',
  'last_touch_source',
  'last_touch_medium',
  'last_touch_campaign',
  'browser',
  'browser_version',
  'engine',
  'os',
  'os_version',
  'device',
  'device_brand',
  'device_model',
  'is_bot',
  'bot_signal',
  'continent',
  'country',
  'region',
  'city',
  'geo_timezone',
  'locale',
  'timezone',
  'library_name',
  'library_version',
  'schema_violation',
] as const;

/** A column of the closed list above. */
export type QueryField = (typeof queryFields)[number];

const propertyField = z
  .string()
  .max(400)
  .regex(/^properties\.[^`\\\p{Cc}]{1,390}$/u, 'is neither a known field nor properties.<path>');
const field = z.union([z.enum(queryFields), propertyField]);
const instant = z.iso.datetime({ offset: true });

const text = z.string().max(1_000);
const filter = z.discriminatedUnion('op', [
  z.strictObject({ field, op: z.enum(['eq', 'ne']), value: z.union([text, z.number(), z.boolean()]) }),
  z.strictObject({ field, op: z.enum(['contains', 'starts_with']), value: text }),
  z.strictObject({ field, op: z.enum(['gt', 'gte', 'lt', 'lte']), value: z.number() }),
  z.strictObject({ field, op: z.enum(['in', 'not_in']), value: z.array(text).min(1).max(200) }),
  z.strictObject({ field, op: z.enum(['is_set', 'is_not_set']) }),
]);

/** Zones that Node knows and ClickHouse 26.7 does not yet. */
const zonesTooNew = new Set(['America/Coyhaique']);

/** Gives an IANA timezone in its own spelling, since ClickHouse knows no other. */
const timezone = z
  .string()
  .max(100)
  .transform((name, context) => {
    const zone = toKnownZone(name);
    if (zone !== null) return zone;
    context.addIssue({ code: 'custom', message: `"${name}" is no timezone known here: name one as Europe/Berlin` });
    return z.NEVER;
  });

function toKnownZone(name: string): string | null {
  try {
    const zone = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
    return /^[A-Z]/.test(zone) && !zonesTooNew.has(zone) ? zone : null;
  } catch {
    return null;
  }
}

const ofEvery = {
  from: instant,
  to: instant,
  timezone: timezone.default('UTC'),
  event: z.string().max(200).optional(),
  filters: z.array(filter).max(20).default([]),
};

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
    by: field.optional(),
    limit: z.number().int().min(1).max(maxIntervals).default(maxIntervals),
  }),
  z.strictObject({
    question: z.literal('breakdown'),
    ...ofEvery,
    by: field,
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
/** One condition on a field; `value` fits `op`. */
export type QueryFilter = z.infer<typeof filter>;

/** The answer to a question: `rows` hold values in the order of `columns`. */
export interface QueryAnswer {
  columns: string[];
  rows: unknown[][];
  elapsed_ms: number;
  rows_read: number;
}
