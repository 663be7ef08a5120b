import type { Tier } from '@px-platform/control';

/** Requests that a key may make in a window; null where nothing bounds them. */
export interface RateWindows {
  readonly perMinute: number | null;
  readonly perHour: number | null;
}

/** What a tenant's tier allows each of its keys. Source: contract 3. */
const tierWindows: Readonly<Record<Tier, RateWindows>> = {
  free: { perMinute: 100, perHour: 1_000 },
  pro: { perMinute: 1_000, perHour: 10_000 },
  enterprise: { perMinute: null, perHour: null },
};

/** Gives a key's windows: its tier's, or its own rate a minute in place of both. */
export function toRateWindows(tier: Tier, ratePerMinute: number | null): RateWindows {
  return ratePerMinute === null ? tierWindows[tier] : { perMinute: ratePerMinute, perHour: null };
}
