import { type EventRow, isBlockedId } from '@px-platform/schemas';
import type { FactOrigin } from './identity-facts.ts';

/** Gives where a row's facts come from. */
export function toOrigin(row: EventRow): FactOrigin {
  return { project_id: row.project_id, at: row.timestamp, event_id: row.event_id, retain_until: row.retain_until };
}

/** Gives the id that a row's person is known by: `user_id`, else `anonymous_id`, '' where both name nobody. */
export function toHolderId(row: EventRow): string {
  if (!isBlockedId(row.user_id)) return row.user_id;
  return isBlockedId(row.anonymous_id) ? '' : row.anonymous_id;
}
