const line = /^px_processor_held_rows\{partition="\d+"\} (\d+)$/gm;

/**
 * Gives how many rows the processor found above the committed positions when it began, over all partitions; null while it
 * has not begun. Never throws.
 */
export async function readHeldRows(url: string): Promise<number | null> {
  try {
    const response = await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(5_000) });
    const found = [...(await response.text()).matchAll(line)].map(([, rows]) => Number(rows));
    return found.length === 0 ? null : found.reduce((sum, rows) => sum + rows, 0);
  } catch {
    return null;
  }
}
