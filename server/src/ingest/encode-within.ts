import { maxRecordBytes } from '@px-platform/schemas';

/**
 * Gives the payloads of one record's events: one where it fits, else the events are halved until each part does or holds one
 * event alone. The parts keep their order; `encode` gives the bytes of a record of these events.
 */
export function encodeWithin<Event>(events: Event[], encode: (events: Event[]) => Buffer): Buffer[] {
  const payload = encode(events);
  if (payload.length <= maxRecordBytes || events.length === 1) return [payload];
  const middle = Math.ceil(events.length / 2);
  return [...encodeWithin(events.slice(0, middle), encode), ...encodeWithin(events.slice(middle), encode)];
}
