import type { CacheCounts } from './bounded-cache.ts';
import type { ProcessorConfig } from './config.ts';
import type { IdWindow } from './dedupe/id-window.ts';
import { createIdWindow } from './dedupe/id-window.ts';
import type { GeoDatabase } from './geo/geo-database.ts';
import type { Stage } from './pipeline-event.ts';
import { createSessionBook, type SessionBook } from './sessions/session-book.ts';
import { createChannelStage } from './stages/channel.ts';
import { createClockStage } from './stages/clock.ts';
import { createDedupe, type Dedupe } from './stages/dedupe.ts';
import { createDeviceStage } from './stages/device.ts';
import { createGeoStage } from './stages/geo.ts';
import { createRowStage } from './stages/row.ts';
import { createSessionizeStage } from './stages/sessionize.ts';

/** Sessions held in memory, of all persons: about 250 bytes each. */
const maxSessions = 1_000_000;

/** The stages in their order, and the state that a start warms. `decode` comes before them all. */
export interface Pipeline {
  /** Runs before the store is asked about ids: dedupe needs the corrected clock. */
  readonly clock: Stage;
  readonly dedupe: Dedupe;
  /** After dedupe, since a duplicate must not extend a session. */
  readonly enrich: readonly Stage[];
  readonly window: IdWindow;
  readonly book: SessionBook;
  /** Hits and misses of the look-ups kept in memory, by stage. */
  readonly caches: Readonly<Record<string, () => CacheCounts>>;
}

/** Builds the pipeline: decode, clock, dedupe, device, geo, channel, sessionize, row. Source: contract 4. */
export function createPipeline(options: {
  config: ProcessorConfig;
  geo: GeoDatabase;
  /** Epoch ms from which on the window will be filled. */
  coveredSince: number;
}): Pipeline {
  const { config, geo, coveredSince } = options;
  const window = createIdWindow({ windowMs: config.DEDUPE_WINDOW_MS, maxIds: config.DEDUPE_MAX_IDS, coveredSince });
  const book = createSessionBook({ maxSessions });
  const device = createDeviceStage();
  const place = createGeoStage(geo);
  const channel = createChannelStage();
  return {
    clock: createClockStage(),
    dedupe: createDedupe(window),
    enrich: [
      device,
      place,
      channel,
      createSessionizeStage({ book, timeoutMs: config.SESSION_TIMEOUT_MS }),
      createRowStage(),
    ],
    window,
    book,
    caches: { device: device.cacheCounts, geo: place.cacheCounts, channel: channel.cacheCounts },
  };
}
