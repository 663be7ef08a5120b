import type { ControlStore } from '@px-platform/control';
import type { EventLog } from '@px-platform/log';
import type { Clock, Logger, Tracer } from '@px-platform/runtime';
import type {
  AuditReader,
  DeadLetterStore,
  EventReader,
  IdentityStore,
  PurgeDesk,
  RollupStore,
} from '@px-platform/store';
import type { ServerConfig } from './config.ts';
import type { RateCounters } from './limits/rate-counters.ts';
import type { ServerMetrics } from './metrics.ts';
import type { SdkFiles } from './sdk/read-sdk-files.ts';

/** The demo site as the server needs it; the standalone process gives it. */
export interface DemoSite {
  /** Folder of static files, served at `/`. */
  readonly dir: string;
  /** The demo project and its browser key. */
  readonly projectId: string;
  readonly apiKey: string;
  /** Sends a handful of made-up visits through the real HTTP interface; bounded in time and count. */
  sendVisitors(): Promise<number>;
}

/** All that the server is given from outside; only a `main.ts` opens adapters. */
export interface ServerDeps {
  readonly config: ServerConfig;
  readonly log: EventLog;
  /** Of the audit topic. */
  readonly auditLog: EventLog;
  readonly reader: EventReader;
  readonly auditReader: AuditReader;
  readonly deadLetters: DeadLetterStore;
  readonly rollups: RollupStore;
  readonly identity: IdentityStore;
  readonly purges: PurgeDesk;
  readonly control: ControlStore;
  readonly clock: Clock;
  /** Gives ids that nobody can guess: of events, of purges. */
  readonly newId: () => string;
  /** Gives ids of requests, in order; of one process. */
  readonly newRequestId: () => string;
  readonly logger: Logger;
  readonly metrics: ServerMetrics;
  /** Null where nobody takes traces. */
  readonly tracer: Tracer | null;
  readonly adminToken: string;
  /** Signs read tokens; 32 bytes or more. */
  readonly tokenSecret: Buffer;
  /** Where the requests of keys are counted; closed by who opened it. */
  readonly rateCounters: RateCounters;
  /** What `/sdk/` serves. */
  readonly sdkFiles: SdkFiles;
  readonly demo: DemoSite | null;
  /** More to show on `/health*`: name and a check that throws where it is down. */
  readonly healthChecks: Readonly<Record<string, () => Promise<void>>>;
  /** What `/metrics` answers, Prometheus text. */
  readonly metricsText: () => Promise<string>;
}
