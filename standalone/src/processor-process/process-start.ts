import type { LogStanding } from '@px-platform/log/over-port';
import type { ProcessorConfig } from '@px-platform/processor';
import type { TracerSettings } from '@px-platform/runtime';

/** Where the store is: a folder for the engine inside the processor's process, or a server. */
export type StorePlace =
  | { readonly kind: 'embedded'; readonly path: string }
  | { readonly kind: 'server'; readonly url: string; readonly cluster: string | null };

/** What the processor's process is told to open its store with; a structured clone of it. */
export interface StoreStart {
  readonly place: StorePlace;
  /** Added to the machine's clock. */
  readonly clockOffsetMs: number;
}

/** What the processor's process is told to begin with, once its store is open; a structured clone of it. */
export interface ProcessorStart {
  readonly config: ProcessorConfig;
  readonly logLevel: string;
  readonly tracerSettings: TracerSettings | null;
  readonly standing: LogStanding;
  readonly auditStanding: LogStanding;
}
