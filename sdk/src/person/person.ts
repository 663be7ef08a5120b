import type { Clock } from '../ports.ts';
import type { Cookies } from './cookie.ts';
import type { Store } from './store.ts';

const maxIdleMs = 30 * 60_000;
const maxLengthMs = 24 * 60 * 60_000;
/** The session's record is written at most this often: the idle time is right to within it. */
const writeEveryMs = 5_000;
const anonymousName = 'anonymous_id';
const sessionName = 'session';

/** Who the visitor is and in which session: shared by the tabs of an origin and the subdomains of a site. Never throws. */
export interface Person {
  readonly anonymousId: () => string;
  /** The session's UUID at this moment; asking keeps it alive. */
  readonly sessionId: () => string;
  /** A new anonymous id and a new session. */
  readonly reset: () => void;
  /** From now on both are shared by cookies, which outrank the store: some browsers clear that after a week. */
  readonly share: (cookies: Cookies) => void;
}

/**
 * Builds the person. A session ends after 30 min without an event or at 24 h, never at midnight, and a page that was
 * arrived at by a new `campaign` ('' where by none) starts one, once: tabs of two campaigns would else end each other's
 * for ever. `wall` is the device's clock, which all tabs share. Source: contract 4.
 */
export function createPerson(store: Store, newId: () => string, wall: Clock, campaign: string): Person {
  let cookies: Cookies | undefined;
  let hasArrived = !campaign;
  const write = (name: string, value: string) => {
    store.set(name, value);
    cookies?.write(name, value);
    return value;
  };
  // Read each time: another tab may have reset it.
  const anonymousId = () => sane(store.get(anonymousName)) || write(anonymousName, newId());
  return {
    anonymousId,
    sessionId: () => {
      const now = wall();
      const read = (text = ''): readonly [string, number, number, string] | null => {
        const [id = '', startedAt, lastAt, from = ''] = text.split('|');
        const isAlive = sane(id) && now - Number(lastAt) <= maxIdleMs && now - Number(startedAt) <= maxLengthMs;
        return isAlive && (hasArrived || from === campaign) ? [id, Number(startedAt), Number(lastAt), from] : null;
      };
      // Before a session ends here: another subdomain may have kept it alive.
      const [id, startedAt, lastAt, from] = read(store.get(sessionName)) ??
        read(cookies?.read(sessionName)) ?? [newId(), now, 0, campaign];
      hasArrived = true;
      // A clock that was set back is no reason to end a session: the record follows it.
      if (Math.abs(now - lastAt) >= writeEveryMs) write(sessionName, [id, startedAt, now, from].join('|'));
      return id;
    },
    reset: () => {
      write(sessionName, '');
      write(anonymousName, newId());
    },
    share: (found) => {
      cookies = found;
      write(anonymousName, sane(found.read(anonymousName)) || anonymousId());
    },
  };
}

/** Gives an id that may have been ours, or ''. */
function sane(id: string): string {
  return /^[\w-]{8,200}$/.test(id) ? id : '';
}
