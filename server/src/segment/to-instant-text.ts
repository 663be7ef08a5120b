const isoInstant = /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?) ?(?:([Zz])|([+-]\d\d):?(\d\d))?$/;
const isoDay = /^\d{4}-\d\d-\d\d$/;

/**
 * Gives an ISO 8601 instant as RFC 3339 with offset: Segment's libraries in other languages leave out the offset (UTC),
 * its colon, or the time of day. Anything else is given back as it is, null as undefined. Never throws.
 * Source: https://segment.com/docs/connections/spec/common/#timestamps
 */
export function toInstantText(given: unknown): unknown {
  if (given === null) return undefined;
  if (typeof given !== 'string') return given;
  if (isoDay.test(given)) return `${given}T00:00:00Z`;
  const [, day, time = '', zulu, hours, minutes] = isoInstant.exec(given) ?? [];
  if (day === undefined) return given;
  return `${day}T${time.length === 5 ? `${time}:00` : time}${zulu || hours === undefined ? 'Z' : `${hours}:${minutes}`}`;
}
