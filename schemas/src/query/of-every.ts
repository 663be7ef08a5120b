import { z } from 'zod';
import { filtersSchema, segmentsSchema } from './filter.ts';
import { timezoneSchema } from './timezone.ts';

const instant = z.iso.datetime({ offset: true });

/** The time asked for; `to` is exclusive. */
export const range = { from: instant, to: instant, timezone: timezoneSchema.default('UTC') };

/** Which events count: those that pass every filter; of each segment, those that pass its own filters too. */
export const narrowing = { filters: filtersSchema, segments: segmentsSchema.optional() };

/** What a question about the events of a time takes. */
export const ofEvery = { ...range, event: z.string().max(200).optional(), ...narrowing };

/** What the time asked for is compared with: the days before, the same days a year before, or a time of its own. */
export const compare = z
  .union([z.enum(['previous_period', 'previous_year']), z.strictObject({ from: instant, to: instant })])
  .optional();
