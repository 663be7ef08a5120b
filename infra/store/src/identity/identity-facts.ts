/** When a fact was said: the event's time (epoch ms), and its id where two times are one. */
export interface FactOrigin {
  readonly project_id: string;
  readonly at: number;
  readonly event_id: string;
  readonly retain_until: string;
}

/**
 * `id` was said to be `user_id`: by `identify` or `alias`, by an alias read the other way round (`alias_back`), of itself
 * (`known`), or with an id that names nobody (`blocked`).
 */
export interface IdentityClaim extends FactOrigin {
  readonly id: string;
  readonly user_id: string;
  readonly source: 'known' | 'identify' | 'alias' | 'alias_back' | 'blocked';
}

/** A property of a person's id or of a group was set or taken away; `value` is JSON, '' where it was taken away. */
export interface PropertyChange extends FactOrigin {
  readonly holder: 'person' | 'group';
  readonly id: string;
  readonly property: string;
  readonly operation: 'set' | 'set_once';
  readonly is_unset: 0 | 1;
  readonly value: string;
}

/** An id was said to belong to a group. */
export interface GroupMember extends FactOrigin {
  readonly group_id: string;
  readonly id: string;
}

/** What a batch of rows says of who is who. */
export interface IdentityFacts {
  readonly claims: IdentityClaim[];
  readonly changes: PropertyChange[];
  readonly members: GroupMember[];
}
