import type { EventReader } from '@px-platform/store';
import { Router } from 'express';
import { z } from 'zod';
import { refuseMethod } from '../http/refuse-unknown.ts';
import { handleRead } from './json-handlers.ts';

/** Parses the query of `GET /dead-letters`: at most 1,000, 100 unless told. */
export const deadLettersQuerySchema = z.object({
  project_id: z.string().min(1).optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
});

/** `GET /dead-letters?project_id=&limit=`: what could not be decoded or stored, newest first, 100 unless told. */
export function createDeadLettersRouter({ reader }: { reader: Pick<EventReader, 'deadLetters'> }): Router {
  return Router()
    .get(
      '/dead-letters',
      handleRead(deadLettersQuerySchema, async ({ project_id, limit }) => {
        const letters = await reader.deadLetters(project_id ?? null, limit);
        const dead_letters = letters.map((letter) => ({
          ...letter,
          received_at: new Date(letter.received_at).toISOString(),
        }));
        return { status: 200, body: { dead_letters } };
      }),
    )
    .all('/dead-letters', refuseMethod('GET'));
}
