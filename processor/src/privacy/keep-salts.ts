import { randomBytes } from 'node:crypto';
import type { Clock, Logger } from '@px-platform/runtime';
import { isAppError } from '@px-platform/runtime';
import type { SaltStore } from '@px-platform/store';
import { pause } from '../pause.ts';
import { toUtcDay } from '../utc-day.ts';
import type { SaltBook } from './salt-book.ts';

const dayMs = 24 * 60 * 60 * 1000;
const renewEveryMs = 60_000;
/** By so much a salt is made before its day begins, and deleted before the day after it ends: it lives 48 h at most. */
const aheadMs = 10 * 60_000;

/** What keeping salts needs from outside. */
export interface SaltDeps {
  readonly salts: SaltStore;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Renews the book: the salts of today and yesterday, in whose log records may still lie, and ten minutes before midnight
 * (UTC) of tomorrow in place of yesterday. Throws `store_unavailable`.
 */
export async function renewSalts({ salts, clock }: SaltDeps, book: SaltBook): Promise<void> {
  const newest = clock() + aheadMs;
  const days = new Set([toUtcDay(newest - dayMs), toUtcDay(newest)]);
  book.set(await salts.keep([...days], () => randomBytes(16).toString('hex')));
}

/** Renews the book each minute until it is time to end. A store that is away is tried again at the next. */
export async function keepSalts(deps: SaltDeps, book: SaltBook, stopping: AbortSignal): Promise<void> {
  while (!stopping.aborted) {
    await pause(renewEveryMs, stopping);
    if (stopping.aborted) return;
    try {
      await renewSalts(deps, book);
    } catch (error) {
      if (!isAppError(error, 'store_unavailable') && !isAppError(error, 'query_over_budget')) throw error;
      deps.logger.warn({ err: error }, 'the salts of visitors could not be renewed; in a minute again');
    }
  }
}
