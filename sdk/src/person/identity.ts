import type { NewId } from '../ports.ts';
import type { Cookie } from './cookie.ts';
import type { KeyValueStore } from './storage.ts';

/** Who the person is, shared by the tabs of an origin. Never throws. */
export interface Identity {
  anonymousId(): string;
  userId(): string | null;
  setUserId(userId: string): void;
  /** A new anonymous id, and no user id. */
  reset(): void;
}

/** Builds the identity. The cookie outranks storage, which some browsers clear after a week. Ids are 1 to 200 characters. */
export function createIdentity(options: {
  storage: KeyValueStore;
  cookie: Cookie;
  keyPrefix: string;
  newId: NewId;
}): Identity {
  const { storage, cookie, newId } = options;
  const anonymousKey = `${options.keyPrefix}anonymous_id`;
  const userKey = `${options.keyPrefix}user_id`;
  const write = (id: string) => {
    storage.set(anonymousKey, id);
    cookie.write(id);
    return id;
  };

  write(sane(cookie.read()) ?? sane(storage.get(anonymousKey)) ?? newId());
  return {
    // Read each time: another tab may have reset it.
    anonymousId: () => sane(storage.get(anonymousKey)) ?? write(newId()),
    userId: () => storage.get(userKey),
    setUserId: (userId) => {
      storage.set(userKey, userId);
    },
    reset: () => {
      storage.remove(userKey);
      write(newId());
    },
  };
}

function sane(id: string | null): string | null {
  return id !== null && /^[\w-]{1,200}$/.test(id) ? id : null;
}
