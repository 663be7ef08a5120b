/** Gives how many events the busy person sends: `PX_PERSON_EVENTS`, else 100,000. */
export function readPersonEvents(): number {
  return Number(process.env['PX_PERSON_EVENTS'] || 100_000);
}
