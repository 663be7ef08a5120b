import type { Clock, NewId } from '../ports.ts';
import type { KeyValueStore } from './storage.ts';

const maxIdleMs = 30 * 60_000;
const maxLengthMs = 24 * 60 * 60_000;
/** The record is written at most this often: the idle time is right to within it. */
const writeEveryMs = 5_000;

/** The session shared by the tabs of an origin. Never throws. */
export interface Session {
  /** The session's UUID at this moment; touching it keeps it alive. */
  touch(): string;
  reset(): void;
}

/**
 * Builds the session: it ends after 30 min without an event or at 24 h, and a page that was arrived at by a new
 * `campaign` ('' where by none) starts one, once: tabs of two campaigns would else end each other's for ever.
 * Source: contract 4.
 */
export function createSession(options: {
  storage: KeyValueStore;
  keyPrefix: string;
  clock: Clock;
  newId: NewId;
  campaign: string;
}): Session {
  const { storage, clock, newId } = options;
  const campaign = encodeURIComponent(options.campaign);
  let hasArrived = campaign === '';
  const key = `${options.keyPrefix}session`;
  return {
    touch: () => {
      const now = clock();
      const known = parseRecord(storage.get(key));
      const isOver = known === null || now - known.lastAt > maxIdleMs || now - known.startedAt > maxLengthMs;
      const isNewCampaign = !hasArrived && known?.campaign !== campaign;
      hasArrived = true;
      if (isOver || isNewCampaign) {
        const id = newId();
        storage.set(key, `${id} ${now} ${now} ${campaign}`);
        return id;
      }
      if (now - known.lastAt >= writeEveryMs) {
        storage.set(key, `${known.id} ${known.startedAt} ${now} ${known.campaign}`);
      }
      return known.id;
    },
    reset: () => storage.remove(key),
  };
}

interface SessionRecord {
  readonly id: string;
  readonly startedAt: number;
  readonly lastAt: number;
  readonly campaign: string;
}

function parseRecord(text: string | null): SessionRecord | null {
  const [id = '', startedAt, lastAt, campaign = ''] = (text ?? '').split(' ');
  const record = { id, startedAt: Number(startedAt), lastAt: Number(lastAt), campaign };
  return /^[\da-f-]{36}$/.test(id) && record.startedAt > 0 && record.lastAt > 0 ? record : null;
}
