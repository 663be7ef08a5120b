import { daysKnown } from './limits.ts';
import type { OpenSession } from './session-book.ts';

/**
 * Gives the sessions that an event received on this day (UTC, since 1970) may belong to: what was received of each the
 * day before and since, as one. Mostly that is the list itself.
 */
export function toKnownSessions(entries: readonly OpenSession[], receivedDay: number): readonly OpenSession[] {
  const oldest = receivedDay - daysKnown;
  const [first] = entries;
  if (first === undefined) return entries;
  // Entries of one day are of different sessions.
  if (first.receivedDay >= oldest && entries.every((entry) => entry.receivedDay === first.receivedDay)) return entries;

  const sessions = new Map<string, OpenSession>();
  for (const entry of entries) {
    if (entry.receivedDay < oldest) continue;
    const known = sessions.get(entry.id);
    sessions.set(entry.id, known === undefined ? entry : join(known, entry));
  }
  return [...sessions.values()];
}

function join(one: OpenSession, other: OpenSession): OpenSession {
  const { campaign, campaignAt } = isCampaignOf(one, other) ? one : other;
  return {
    id: one.id,
    receivedDay: Math.max(one.receivedDay, other.receivedDay),
    startAt: Math.min(one.startAt, other.startAt),
    endAt: Math.max(one.endAt, other.endAt),
    campaign,
    campaignAt,
  };
}

/** Says whether the first one bears the earlier campaign; of two at once, the one that was received first. */
function isCampaignOf(one: OpenSession, other: OpenSession): boolean {
  if (one.campaign === '' || other.campaign === '') return one.campaign !== '';
  if (one.campaignAt !== other.campaignAt) return one.campaignAt < other.campaignAt;
  return one.receivedDay < other.receivedDay;
}
