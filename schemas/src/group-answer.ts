import { z } from 'zod';

const instant = z.iso.datetime();

/** A group, as `/admin/v1` tells it: `members` are persons; the instants of the first and the last join, null without one. */
export const groupAnswerSchema = z.object({
  project_id: z.string(),
  group_id: z.string(),
  members: z.number().int(),
  first_at: instant.nullable(),
  last_at: instant.nullable(),
  properties: z.record(z.string(), z.unknown()),
});

/** As `groupAnswerSchema` parses it. */
export type GroupAnswer = z.infer<typeof groupAnswerSchema>;
