import type { EventRow } from '@px-platform/schemas';

const hourMs = 3_600_000;
const dimensions = ['event', 'path', 'channel', 'country', 'device'] as const;

/** Counts by hour (epoch ms), dimension, event and value, told slowly; in order. */
export function referCounts(rows: readonly EventRow[]): unknown[][] {
  const keys = rows.flatMap((row) =>
    dimensions.map((dimension) =>
      JSON.stringify([
        Math.floor(row.timestamp / hourMs) * hourMs,
        dimension,
        row.event,
        dimension === 'event' ? '' : row[dimension],
      ]),
    ),
  );
  return [...Map.groupBy(keys, (key) => key)]
    .map(([key, of]): unknown[] => [...JSON.parse(key), of.length])
    .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}
