/** A session lasts no longer, whatever its client says. Source: contract 4. */
export const maxSessionMs = 24 * 60 * 60 * 1000;

/** A UUIDv7 made this long from an event names no session that the event is part of: a session's length and an hour. */
export const maxIdAgeMs = maxSessionMs + 60 * 60 * 1000;

/**
 * Days of receipt (UTC) before an event's own of which its sessions are known: what came today and yesterday. A fixed
 * bound, and none that moves with each event, so that a restart reads from the store exactly what was known before it.
 */
export const daysKnown = 1;
