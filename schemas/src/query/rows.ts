import { z } from 'zod';
import { ofEvery } from './of-every.ts';

const limit = z.number().int().min(1).max(1_000);

/** Events as they are, of a project, a person or a session. */
export const rowQuestions = [
  z.strictObject({ question: z.literal('events'), ...ofEvery, limit: limit.default(100) }),
  z.strictObject({
    question: z.literal('person_timeline'),
    ...ofEvery,
    person: z.string().min(1).max(200),
    limit: limit.default(100),
  }),
  z.strictObject({
    question: z.literal('session_events'),
    ...ofEvery,
    session_id: z.guid(),
    limit: limit.default(1_000),
  }),
] as const;
