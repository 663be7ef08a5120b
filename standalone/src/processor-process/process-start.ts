import type { KafkaSettings } from '@px-platform/log';
import type { LogStanding } from '@px-platform/log/over-port';
import type { ProcessorSettings } from '@px-platform/processor';
import type { StorePlace } from '@px-platform/store';

/** What the processor's process is told to open its store with; a structured clone of it. */
export interface StoreStart {
  readonly place: StorePlace;
  /** Added to the machine's clock. */
  readonly clockOffsetMs: number;
  readonly logLevel: string;
}

/** What the processor's process is told to begin with, once its store is open; a structured clone of it. */
export interface ProcessorStart extends ProcessorSettings {
  readonly source: LogSource;
}

/** Where the processor reads: the logs of the process that forked it, or Kafka, as one of a group. */
export type LogSource =
  | { readonly kind: 'port'; readonly standing: LogStanding; readonly auditStanding: LogStanding }
  | { readonly kind: 'kafka'; readonly settings: KafkaSettings };
