/**
 * What claims and decisions say of one id, as far as it decides whom the id joins. Ids are hashes, in decimals; `known` is when
 * the id was first known as a user's (epoch ms, then the event's id).
 */
export interface JoinedId {
  readonly id: string;
  readonly decision: string;
  readonly known: readonly [at: number, eventId: string] | null;
  /** The id that a claim joins it to, with whether that is a mail address. */
  readonly claimed: JoinTarget | null;
  /** The same by an alias read the other way round, which holds where that id was known earlier. */
  readonly back: JoinTarget | null;
}

export interface JoinTarget {
  readonly id: string;
  readonly isAddress: boolean;
}
