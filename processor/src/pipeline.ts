import type { CacheCounts } from './bounded-cache.ts';
import type { ProcessorConfig } from './config.ts';
import type { DatacenterList } from './datacenter/datacenter-list.ts';
import type { HeldRows } from './dedupe/held-rows.ts';
import type { IdWindow } from './dedupe/id-window.ts';
import { createIdWindow } from './dedupe/id-window.ts';
import type { GeoDatabase } from './geo/geo-database.ts';
import type { Stage } from './pipeline-event.ts';
import type { SaltBook } from './privacy/salt-book.ts';
import type { TombstoneBook } from './purge/tombstone-book.ts';
import { createSessionBook, type SessionBook } from './sessions/session-book.ts';
import { createChannelStage } from './stages/channel.ts';
import { createClockStage } from './stages/clock.ts';
import { createDedupe, type Dedupe } from './stages/dedupe.ts';
import { createDeviceStage } from './stages/device.ts';
import { createGeoStage } from './stages/geo.ts';
import { createPrivacyStage } from './stages/privacy.ts';
import { createPurgedStage } from './stages/purged.ts';
import { createRowStage } from './stages/row.ts';
import { createSessionizeStage } from './stages/sessionize.ts';

/** Sessions held in memory, of all persons: about 250 bytes each. */
const maxSessions = 1_000_000;

/** The stages in their order, and the state that a start warms. `decode` comes before them all. */
export interface Pipeline {
  /** Before all others, so that none of them, and no dead letter of theirs, sees what nobody may keep. */
  readonly privacy: Stage;
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

/** Builds the pipeline: decode, privacy, clock, dedupe, purged, device, geo, channel, sessionize, row. Source: contract 4. */
export function createPipeline(options: {
  config: ProcessorConfig;
  geo: GeoDatabase;
  /** None where left out. */
  datacenters?: DatacenterList | null;
  salts: SaltBook;
  tombstones: TombstoneBook;
  /** Epoch ms from which on the window will be filled. */
  coveredSince: number;
  held: HeldRows;
}): Pipeline {
  const { config, geo, datacenters = null, salts, tombstones, coveredSince, held } = options;
  const window = createIdWindow({ windowMs: config.DEDUPE_WINDOW_MS, maxIds: config.DEDUPE_MAX_IDS, coveredSince });
  const book = createSessionBook({ maxSessions });
  const device = createDeviceStage();
  const place = createGeoStage(geo, { datacenters });
  const channel = createChannelStage();
  return {
    privacy: createPrivacyStage(salts),
    clock: createClockStage(),
    dedupe: createDedupe(window, held),
    enrich: [
      createPurgedStage(tombstones),
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
