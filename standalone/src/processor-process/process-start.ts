import type { LogStanding } from '@px-platform/log/over-port';
import type { ProcessorSettings } from '@px-platform/processor';
import type { StorePlace } from '@px-platform/store';

/** What the processor's process is told to open its store with; a structured clone of it. */
export interface StoreStart {
  readonly place: StorePlace;
  /** Added to the machine's clock. */
  readonly clockOffsetMs: number;
}

/** What the processor's process is told to begin with, once its store is open; a structured clone of it. */
export interface ProcessorStart extends ProcessorSettings {
  readonly standing: LogStanding;
  readonly auditStanding: LogStanding;
}
