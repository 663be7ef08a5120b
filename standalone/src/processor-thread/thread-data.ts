import type { MessagePort } from 'node:worker_threads';
import type { LogStanding } from '@px-platform/log/over-port';
import type { ProcessorConfig } from '@px-platform/processor';
import type { TracerSettings } from '@px-platform/runtime';

/** What the processor's thread is given at its start; a structured clone of it. */
export interface ThreadData {
  readonly config: ProcessorConfig;
  readonly logLevel: string;
  readonly tracerSettings: TracerSettings | null;
  /** Added to the machine's clock. */
  readonly clockOffsetMs: number;
  readonly standing: LogStanding;
  readonly auditStanding: LogStanding;
  readonly ports: {
    /** The calls that the main thread makes: see `main.ts` beside this file. */
    readonly control: MessagePort;
    readonly log: MessagePort;
    readonly auditLog: MessagePort;
    readonly store: MessagePort;
  };
}
