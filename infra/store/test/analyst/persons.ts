import type { EventRow } from '@px-platform/schemas';
import { inOrder } from '../questions/select-rows.ts';

/** Gives the events of each `person_key`, in order. */
export function toBrowsers(rows: readonly EventRow[]): EventRow[][] {
  return [...Map.groupBy(inOrder(rows), (row) => row.person_key).values()];
}

/** Gives whose events are by what the seed says: the first user that logged in on a device has what was done there. */
export function toPersonOf(rows: readonly EventRow[]): (row: EventRow) => string {
  const users = new Map<string, string>();
  for (const row of inOrder(rows)) {
    if (row.event !== 'identify' || row.user_id === 'null' || users.has(row.anonymous_id)) continue;
    users.set(row.anonymous_id, row.user_id);
  }
  return (row) => {
    if (row.user_id !== '' && row.user_id !== 'null') return row.user_id;
    return users.get(row.person_key) ?? row.person_key;
  };
}

/** Tells how far a person gets: page view, then sign-up, then purchase, none earlier than the one before, within `windowMs` of the view. */
export function toFunnelLevel(events: readonly EventRow[], windowMs: number): number {
  const timesOf = (name: string): number[] => events.filter((row) => row.event === name).map((row) => row.timestamp);
  let level = 0;
  for (const view of timesOf('page_view')) {
    level = Math.max(level, 1);
    for (const signup of timesOf('signup').filter((at) => at >= view && at <= view + windowMs)) {
      level = Math.max(level, 2);
      if (timesOf('purchase').some((at) => at >= signup && at <= view + windowMs)) return 3;
    }
  }
  return level;
}
