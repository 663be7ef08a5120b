import { z } from 'zod';
import { filterSchema } from './filter.ts';
import { timezoneSchema } from './timezone.ts';

const instant = z.iso.datetime({ offset: true });

/** What every question over a time takes; `to` is exclusive. */
export const ofEvery = {
  from: instant,
  to: instant,
  timezone: timezoneSchema.default('UTC'),
  event: z.string().max(200).optional(),
  filters: z.array(filterSchema).max(20).default([]),
};
