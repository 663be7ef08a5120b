/** What events are counted by, beside their name: columns of `events`. With none, by the name alone. */
export const rollupDimensions = ['event', 'path', 'channel', 'country', 'device'] as const;

/** A dimension of `rollups`; `event` has one count for each name, of the value ''. */
export type RollupDimension = (typeof rollupDimensions)[number];
