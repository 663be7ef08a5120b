/** Limits of one kind of key; sizes in bytes. Source: contract 2. */
export interface KeyLimits {
  readonly maxEventsPerBatch: number;
  readonly maxBodyBytes: number;
  readonly maxInflatedBytes: number;
}

/** Limits by kind of key: `pub` for browsers, `srv` for servers. Source: contract 2. */
export const keyLimits: Readonly<Record<'pub' | 'srv', KeyLimits>> = {
  pub: { maxEventsPerBatch: 50, maxBodyBytes: 256 * 1024, maxInflatedBytes: 2 * 1024 * 1024 },
  srv: { maxEventsPerBatch: 1_000, maxBodyBytes: 1024 * 1024, maxInflatedBytes: 10 * 1024 * 1024 },
};

/** Bounds of one event; sizes in bytes of its JSON, lengths in UTF-16 units. Source: contracts 1 and 2. */
export const eventLimits = {
  maxEventBytes: 64 * 1024,
  maxEventNameLength: 200,
  maxPersonIdLength: 200,
  maxDepth: 8,
  maxPropertyKeys: 200,
  maxPropertyKeyLength: 200,
  maxStringLength: 8_192,
} as const;

/** A log record over this many bytes is split at an event's border. Source: contract 1. */
export const maxRecordBytes = 512 * 1024;

/** Clock rules of contract 1, in ms. */
export const clockLimits = {
  maxClockErrorMs: 5_000,
  maxAgeMs: 7 * 24 * 60 * 60 * 1000,
  maxFutureMs: 60_000,
} as const;
