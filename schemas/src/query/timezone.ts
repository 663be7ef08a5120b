import { z } from 'zod';

/** Zones that Node knows and ClickHouse 26.7 does not yet. */
const zonesTooNew = new Set(['America/Coyhaique']);

/** Gives an IANA timezone in its own spelling, since ClickHouse knows no other. */
export const timezoneSchema = z
  .string()
  .max(100)
  .transform((name, context) => {
    const zone = toKnownZone(name);
    if (zone !== null) return zone;
    context.addIssue({ code: 'custom', message: `"${name}" is no timezone known here: name one as Europe/Berlin` });
    return z.NEVER;
  });

function toKnownZone(name: string): string | null {
  try {
    const zone = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
    return /^[A-Z]/.test(zone) && !zonesTooNew.has(zone) ? zone : null;
  } catch {
    return null;
  }
}
