/** A session as the book holds it; instants are epoch ms. */
export interface OpenSession {
  readonly id: string;
  startAt: number;
  endAt: number;
  /** The first campaign seen in it, as `toCampaignKey` gives it; '' where none. */
  campaign: string;
}

/** The sessions of each person of late: at most `maxPersons` persons, those longest unseen out first. */
export interface SessionBook {
  /** Gives the person's sessions, oldest start first; the list is the book's own. */
  of(projectId: string, personKey: string): readonly OpenSession[];
  add(projectId: string, personKey: string, session: OpenSession): void;
  readonly persons: number;
}

/** A person keeps this many sessions: enough for an offline queue of a day that arrives at once. */
const maxSessionsPerPerson = 16;

/** Builds an empty book. */
export function createSessionBook(options: { maxPersons: number }): SessionBook {
  const book = new Map<string, OpenSession[]>();
  const toKey = (projectId: string, personKey: string): string => `${projectId}:${personKey}`;

  return {
    get persons() {
      return book.size;
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
      sessions.push(session);
      sessions.sort((a, b) => a.startAt - b.startAt);
      if (sessions.length > maxSessionsPerPerson) sessions.shift();
      book.set(key, sessions);
      if (book.size > options.maxPersons) {
        const longestUnseen = book.keys().next();
        if (!longestUnseen.done) book.delete(longestUnseen.value);
      }
    },
  };
}
