import { maxSessionMs } from './limits.ts';
import type { OpenSession } from './session-book.ts';

/** What of an event decides its session; the instant is epoch ms. */
export interface SessionQuery {
  readonly timestamp: number;
  /** As `toCampaignKey` gives it; '' where none. */
  readonly campaign: string;
  readonly timeoutMs: number;
}

/**
 * Gives the session that an event belongs to by its time, or undefined where it begins one. It is the session that
 * ran when the event happened: of those that had begun and weren't over, the one that began last. Another campaign than
 * that one's begins a session, and where none ran, so does everything: unless the next session, of the same campaign, follows
 * within the timeout, of which the event then is the first. Of two that began at once, the greater id.
 */
export function findSession(
  sessions: readonly OpenSession[],
  { timestamp, campaign, timeoutMs }: SessionQuery,
): OpenSession | undefined {
  let running: OpenSession | undefined;
  let next: OpenSession | undefined;
  for (const session of sessions) {
    if (!fits(session, timestamp)) continue;
    if (session.startAt <= timestamp) {
      if (timestamp <= session.endAt + timeoutMs && isBefore(running, session)) running = session;
    } else if (session.startAt <= timestamp + timeoutMs && (next === undefined || isBefore(session, next))) {
      next = session;
    }
  }
  if (running !== undefined && (campaign === '' || campaign === running.campaign)) return running;
  return next !== undefined && campaign === next.campaign ? next : undefined;
}

/** Says whether the session lasts no more than 24 h with an event of this instant (epoch ms). */
export function fits(session: OpenSession, timestamp: number): boolean {
  return Math.max(session.endAt, timestamp) - Math.min(session.startAt, timestamp) <= maxSessionMs;
}

function isBefore(one: OpenSession | undefined, other: OpenSession): boolean {
  if (one === undefined) return true;
  return one.startAt < other.startAt || (one.startAt === other.startAt && one.id < other.id);
}
