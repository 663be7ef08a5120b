import type { TracerSettings } from '@px-platform/runtime';
import type { ServerConfig } from '@px-platform/server';

/** What a worker is told at its start; a structured clone of it. */
export interface WorkerStart {
  readonly config: ServerConfig;
  readonly logLevel: string;
  readonly tracerSettings: TracerSettings | null;
  /** Added to the machine's clock. */
  readonly clockOffsetMs: number;
  readonly adminToken: string;
  readonly tokenSecret: Uint8Array;
  /** Folder of the built SDK. */
  readonly sdkDir: string;
  readonly redisUrl: string | null;
  readonly demo: { readonly dir: string; readonly projectId: string; readonly apiKey: string } | null;
  /** Names of the health checks that the primary serves. */
  readonly healthChecks: readonly string[];
}
