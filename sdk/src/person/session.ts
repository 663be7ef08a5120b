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

/** Builds the session: it ends after 30 min without an event or at 24 h. Source: contract 4. */
export function createSession(options: {
  storage: KeyValueStore;
  keyPrefix: string;
  clock: Clock;
  newId: NewId;
}): Session {
  const { storage, clock, newId } = options;
  const key = `${options.keyPrefix}session`;
  return {
    touch: () => {
      const now = clock();
      const known = parseRecord(storage.get(key));
      if (known === null || now - known.lastAt > maxIdleMs || now - known.startedAt > maxLengthMs) {
        const id = newId();
        storage.set(key, `${id} ${now} ${now}`);
        return id;
      }
      if (now - known.lastAt >= writeEveryMs) storage.set(key, `${known.id} ${known.startedAt} ${now}`);
      return known.id;
    },
    reset: () => storage.remove(key),
  };
}

function parseRecord(text: string | null): { id: string; startedAt: number; lastAt: number } | null {
  const [id = '', startedAt, lastAt] = (text ?? '').split(' ');
  const record = { id, startedAt: Number(startedAt), lastAt: Number(lastAt) };
  return /^[\da-f-]{36}$/.test(id) && record.startedAt > 0 && record.lastAt > 0 ? record : null;
}
