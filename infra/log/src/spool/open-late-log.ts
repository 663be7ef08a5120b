import { openLate } from '@px-platform/runtime';
import type { EventLog } from '../event-log.ts';

/**
 * Opens a log whose broker may be away: then it is opened as soon as somebody asks for it and it can be, and throws
 * `log_unavailable` until then. A spool beside it takes what comes meanwhile, also after a restart. Throws at once what `open` throws
 * for another reason.
 */
export async function openLateLog(open: () => Promise<EventLog>): Promise<EventLog> {
  const late = await openLate(open, { what: 'The log', away: 'log_unavailable', close: (log) => log.close() });
  return {
    append: async (records) => (await late.reach()).append(records),
    status: async () => (await late.reach()).status(),
    close: late.close,
  };
}
