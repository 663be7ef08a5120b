/** What an operator may decide of an id: `clear` gives it back to the rules. */
export type IdentityDecisionKind = 'apart' | 'block' | 'trust' | 'clear';

/** An operator's word on one id. */
export interface IdentityDecision {
  readonly projectId: string;
  readonly id: string;
  /**
   * `apart` undoes the join of this id: it stands alone. `block`: it names nobody, and whoever joined it stands alone.
   * `trust`: the limit of ids per person doesn't hold for it.
   */
  readonly decision: IdentityDecisionKind;
  /** Epoch ms; the last decision on an id holds. */
  readonly decidedAt: number;
  readonly decidedBy: string;
  readonly note: string;
}

/** What came of a claim: joined, or why not. */
export type MergeOutcome = 'joined' | 'blocked_id' | 'two_users' | 'already_joined' | 'quarantined' | 'undone';

/** A line of the log of merges. */
export interface PersonMerge {
  /** When it was first said, epoch ms. */
  readonly at: number;
  readonly id: string;
  readonly userId: string;
  readonly source: 'identify' | 'alias' | 'blocked';
  readonly eventId: string;
  readonly outcome: MergeOutcome;
}

/** Whom an id names. */
export interface Person {
  /** Null where the id names nobody: it is blocked, or in quarantine. */
  readonly personId: string | null;
  /** All that name this person, 1,000 at most; empty for nobody. */
  readonly ids: readonly string[];
  /** Whether one of them is a user's. */
  readonly isIdentified: boolean;
  /** When the first of them was first said, epoch ms. */
  readonly identifiedAt: number | null;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** What is known of a group. */
export interface Group {
  /** How many persons joined it: two ids of one person are one. */
  readonly members: number;
  /** When the first and when the last of them joined, by their events' time: epoch ms, null without members. */
  readonly firstAt: number | null;
  readonly lastAt: number | null;
  readonly properties: Readonly<Record<string, unknown>>;
}

/**
 * Who is who, as an operator sees and decides it. Each method throws `store_unavailable`, those that read also
 * `query_over_budget`.
 */
export interface IdentityStore {
  /** Notes decisions, durably; those that are given again change nothing. */
  decide(decisions: readonly IdentityDecision[]): Promise<void>;
  /** Gives what was said of this id or of this user, and what came of it: the newest first, at most `limit`. */
  mergesOf(projectId: string, id: string, limit: number): Promise<readonly PersonMerge[]>;
  /** Gives whom an id names; null where it was never part of a claim and bears no property: then it is itself. */
  personOf(projectId: string, id: string): Promise<Person | null>;
  /** Gives a group by its id; null where no event named it. */
  groupOf(projectId: string, groupId: string): Promise<Group | null>;
}
