import type { Bag } from '../../ingest/clean-bag.ts';
import { toInstantText } from '../../segment/to-instant-text.ts';
import { type CallType, toWireEvent } from '../../segment/to-wire-event.ts';

/**
 * Gives the event of a call as Segment's archive keeps it. There `originalTimestamp` is the client's own time and `timestamp`
 * the one that Segment corrected by `sentAt`: the first is taken, since our clock stage corrects it likewise, and since a
 * library that sent the call here would have said it. Never throws.
 * Source: https://segment.com/docs/connections/spec/common/#timestamps
 */
export function archivedCallToEvent(call: Bag, type: CallType): Bag {
  const own = { ...call, timestamp: call['originalTimestamp'] ?? call['timestamp'] };
  const { event, ip, userAgent } = toWireEvent(own, type);
  const facts = {
    received_at: toInstantText(call['receivedAt']),
    sent_at: toInstantText(call['sentAt']),
    ip: ip === '' ? undefined : ip,
    user_agent: userAgent === '' ? undefined : userAgent,
  };
  const given = Object.entries(facts).filter(([, value]) => value !== undefined);
  return { ...event, ...Object.fromEntries(given) };
}
