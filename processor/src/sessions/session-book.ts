/** What was received of a session on one day, or, where sessions are looked through, on those days that count; instants are epoch ms. */
export interface OpenSession {
  readonly id: string;
  /** UTC day of receipt, in days since 1970. */
  readonly receivedDay: number;
  startAt: number;
  endAt: number;
  /** Campaign of its earliest event that bears one, as `toCampaignKey` gives it; '' where none. */
  campaign: string;
  /** When that event happened; any number where there is none. */
  campaignAt: number;
}

/**
 * The sessions of each person of late, an entry for each day on which events of one were received: at most `maxSessions`
 * entries of all, those of the person longest unseen out first.
 */
export interface SessionBook {
  /** Gives the person's entries in no order that means anything; the list is the book's own. */
  of(projectId: string, personKey: string): readonly OpenSession[];
  /** Adds an entry that isn't there; of 64 of one person, the one longest without an event goes. */
  add(projectId: string, personKey: string, session: OpenSession): void;
  /** Tells that an event came to an entry of the person. */
  touch(projectId: string, personKey: string, session: OpenSession): void;
  readonly persons: number;
  readonly maxSessions: number;
  readonly sessions: number;
}

/** A person keeps this many entries: more than a day has, since a client may give each event another id. */
const maxSessionsPerPerson = 64;

/** Builds an empty book. */
export function createSessionBook({ maxSessions }: { maxSessions: number }): SessionBook {
  /** Each person's entries, the one longest without an event first. */
  const book = new Map<string, OpenSession[]>();
  let size = 0;
  const toKey = (projectId: string, personKey: string): string => `${projectId}:${personKey}`;

  return {
    maxSessions,
    get persons() {
      return book.size;
    },
    get sessions() {
      return size;
    },
    of(projectId, personKey) {
      const key = toKey(projectId, personKey);
      const sessions = book.get(key);
      if (sessions === undefined) return [];
      // Seen now: to the end of the Map's order, so that the first key is the one longest unseen.
      book.delete(key);
      book.set(key, sessions);
      return sessions;
    },
    add(projectId, personKey, session) {
      const key = toKey(projectId, personKey);
      const sessions = book.get(key) ?? [];
      if (sessions.length >= maxSessionsPerPerson) {
        sessions.shift();
        size -= 1;
      }
      sessions.push(session);
      size += 1;
      book.set(key, sessions);
      for (const [longestUnseen, theirs] of book) {
        if (size <= maxSessions || longestUnseen === key) break;
        size -= theirs.length;
        book.delete(longestUnseen);
      }
    },
    touch(projectId, personKey, session) {
      const sessions = book.get(toKey(projectId, personKey));
      if (sessions === undefined || sessions.at(-1) === session) return;
      sessions.splice(sessions.indexOf(session), 1);
      sessions.push(session);
    },
  };
}
