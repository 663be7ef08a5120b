/**
 * Shows events, visitors and sessions of the last minutes.
 * @param {{ events: HTMLElement, visitors: HTMLElement, sessions: HTMLElement }} places
 * @param {Record<string, unknown>[]} rows an answer with columns of these names; summed
 */
export function showTotals(places, rows) {
  for (const [column, place] of Object.entries(places)) {
    const total = rows.reduce((sum, row) => sum + Number(row[column] ?? 0), 0);
    place.textContent = total.toLocaleString();
  }
}
