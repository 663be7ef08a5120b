/**
 * Whose event it is, its name and its number: what the ledger knows it again by, of an event that is sent and of its row
 * alike. `read-rows.ts` says the same in SQL.
 */
export function toContent(of: {
  readonly anonymous_id?: unknown;
  readonly event?: unknown;
  readonly properties?: Readonly<Record<string, unknown>>;
}): string {
  return `${of.anonymous_id} ${of.event} ${of.properties?.['step']}`;
}
