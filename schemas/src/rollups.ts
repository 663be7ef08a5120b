import { z } from 'zod';

/** How far the rollups of a time have come: hours that are over and hold events, and how many of them wait to be made. */
export const rollupProgressSchema = z.object({ hours: z.number(), waiting: z.number() });

/** What a check of rollups found: hours compared, hours left out since they are not made yet, and the first 100 differences. */
export const rollupCheckAnswerSchema = z.object({
  checked: z.number(),
  stale: z.number(),
  differences: z.array(
    z.object({
      hour: z.iso.datetime(),
      dimension: z.enum(['event', 'path', 'channel', 'country', 'device', 'session']),
      event: z.string(),
      value: z.string(),
      /** Events that are stored, and those that the rollup tells of; of `session`, stays that only the events or only the rollup tell of. */
      stored: z.number(),
      rolled: z.number(),
    }),
  ),
});

/** As `rollupCheckAnswerSchema` parses it. */
export type RollupCheckAnswer = z.infer<typeof rollupCheckAnswerSchema>;
