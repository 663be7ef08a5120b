/** Which purge, of which project. The statements name no person: a mutation's text is kept by the engine. */
export interface PurgeOf {
  readonly id: string;
  readonly projectId: string;
}

/** Whom a purge is about: by an id, or by a mail address in the property `email` or the trait `email`. */
export interface PurgeSubject {
  readonly kind: 'user_id' | 'anonymous_id' | 'email';
  readonly value: string;
}

/** Rows by table. */
export type TableCounts = Readonly<Record<string, number>>;

/** What a purge would remove. */
export interface PurgePreview {
  /** Ids of the person, or persons where several bear a mail address. */
  readonly ids: number;
  readonly found: TableCounts;
}

/** A purge as its record tells it; instants are epoch ms. It says of nobody who it was. */
export interface Purge {
  readonly id: string;
  readonly projectId: string;
  readonly kind: PurgeSubject['kind'];
  /** `refused`: more ids than a purge may remove. `incomplete`: rows were left, see `left`; it is tried again. */
  readonly state: 'requested' | 'deleting' | 'incomplete' | 'done' | 'refused';
  readonly requestedAt: number;
  /** What was made or received up to here is removed, and does not come back; null before it began. */
  readonly deletedBefore: number | null;
  readonly finishedAt: number | null;
  readonly ids: number;
  /** Rows that bore the person when it began. */
  readonly found: TableCounts;
  /** Rows that bear the person, counted when it was done: all 0. */
  readonly left: TableCounts;
}

/** An id or mail address that was purged. */
export interface Tombstone {
  readonly projectId: string;
  /** As `toTombstoneHash` gives it. */
  readonly hash: string;
  /** Epoch ms. */
  readonly purgedAt: number;
}

/** A tombstone as the store keeps it. */
export interface StoredTombstone extends Tombstone {
  /** Since it was stored last, ms, by the store's clock alone. */
  readonly ageMs: number;
}

/** Purges as an operator sees them. Each method throws `store_unavailable`. */
export interface PurgeDesk {
  /** Notes, durably, that this person is to be removed; whoever runs the processor removes it. */
  request(purge: { id: string; projectId: string; subject: PurgeSubject; at: number }): Promise<Purge>;
  find(projectId: string, id: string): Promise<Purge | null>;
  /** Counts what a purge would remove, and removes nothing. */
  preview(projectId: string, subject: PurgeSubject): Promise<PurgePreview>;
}

/**
 * Purges as the processor carries them out: `begin`, then `finish`, while nothing is inserted. Both may break off between any two
 * statements and be called again. Each method throws `store_unavailable`.
 */
export interface PurgeStore extends PurgeDesk {
  /** Forgets whom purges were about that are over, or whose request broke off. */
  tidy(): Promise<void>;
  /** Gives the purges that aren't done, oldest first. */
  pending(): Promise<readonly Purge[]>;
  /** Finds and keeps all ids of the person, and sets their tombstones at `before` (epoch ms). */
  begin(purge: Purge, before: number): Promise<Purge>;
  /** Removes the person from every table, counts what is left, and forgets who it was. */
  finish(purge: Purge, at: number): Promise<Purge>;
  /** Gives the tombstones set at `since` (epoch ms, the store's clock) or later. */
  tombstones(since: number): Promise<readonly StoredTombstone[]>;
}
