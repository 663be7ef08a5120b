import type { EventLog } from '@px-platform/log';
import type { Logger } from '@px-platform/runtime';
import { auditTopic, type DeadLetter, eventTopic, type LetterReplayAnswer } from '@px-platform/schemas';
import type { DeadLetterStore } from '@px-platform/store';
import { Router } from 'express';
import { z } from 'zod';
import { refuseMethod } from '../http/refuse-unknown.ts';
import { handleWrite } from './json-handlers.ts';
import { toLetterRecord } from './to-letter-record.ts';

/** What a replay of dead letters needs from outside. */
export interface LetterReplayDeps {
  readonly deadLetters: DeadLetterStore;
  readonly log: EventLog;
  readonly auditLog: EventLog;
  readonly logger: Logger;
  readonly timeoutMs: number;
}

const instant = z.iso.datetime({ offset: true });

/** Parses the body of `POST /dead-letters/replay`: of all projects and times unless told; 500 letters a call, 1,000 at most. */
export const letterReplaySchema = z.strictObject({
  project_id: z.string().min(1).optional(),
  from: instant.optional(),
  to: instant.optional(),
  limit: z.int().min(1).max(1_000).default(500),
  after: z.string().max(2_000).optional(),
  dry_run: z.boolean().default(false),
});

/** Later than any letter, and an instant that every store holds: epoch ms. */
const latest = Date.UTC(2299, 0, 1);

/**
 * `POST /dead-letters/replay`: appends the records of a page of letters to the log again, then takes these letters away. A
 * kill between the two leaves letters whose events are stored by then: replayed once more, they are duplicates, and drop.
 * A record that fails again makes a letter of its own, under its new place. `dry_run` only tells.
 * Throws `log_full`, `log_unavailable` and `store_unavailable`: then no letter of the page is gone.
 */
export function createLetterReplayRouter(deps: LetterReplayDeps): Router {
  return Router()
    .post(
      '/dead-letters/replay',
      handleWrite(letterReplaySchema, deps.timeoutMs, async ({ project_id, from, to, limit, after, dry_run }) => {
        const range = {
          projectId: project_id ?? null,
          from: from === undefined ? 0 : Date.parse(from),
          to: to === undefined ? latest : Date.parse(to),
        };
        const page = await deps.deadLetters.page(range, after ?? null, limit);
        const { replayed, kept } = await replay(page.letters, dry_run ? null : deps);
        const answer: LetterReplayAnswer = {
          replayed,
          kept: kept.map(({ payload: _, received_at: __, ...letter }) => ({ why: 'no_record', ...letter })),
          left: page.left,
          after: page.cursor,
        };
        return { status: 200, body: answer };
      }),
    )
    .all('/dead-letters/replay', refuseMethod('POST'));
}

/** `deps` null: nothing is done. */
async function replay(
  letters: readonly DeadLetter[],
  deps: LetterReplayDeps | null,
): Promise<{ readonly replayed: number; readonly kept: readonly DeadLetter[] }> {
  const made = letters.map((letter) => ({ letter, again: toLetterRecord(letter) }));
  const taken = made.filter(({ again }) => again !== null).map(({ letter }) => letter);
  const kept = made.filter(({ again }) => again === null).map(({ letter }) => letter);
  if (deps !== null && taken.length > 0) {
    const again = made.flatMap((one) => one.again ?? []);
    await Promise.all(
      [
        { topic: eventTopic, log: deps.log },
        { topic: auditTopic, log: deps.auditLog },
      ].map(async ({ topic, log }) => {
        const records = again.filter((one) => one.topic === topic).map(({ record }) => record);
        if (records.length > 0) await log.append(records);
      }),
    );
    await deps.deadLetters.remove(taken);
    deps.logger.info({ replayed: taken.length, kept: kept.length }, 'dead letters were given to the log again');
  }
  return { replayed: taken.length, kept };
}
