import type { AcceptedEvent, DropReason, EventContext, EventRow, LogRecord } from '@px-platform/schemas';

/** Where an event lies in the log. */
export interface EventPosition {
  readonly logId: string;
  readonly partition: number;
  /** Among so many partitions its person's is this one; 0 where that is not known. */
  readonly partitionCount: number;
  readonly offset: number;
  readonly index: number;
  /** When the log took the record, epoch ms. */
  readonly appendedAt: number;
}

/** An event on its way through the stages: each stage fills in its own part of `row`. */
export interface PipelineEvent {
  readonly record: LogRecord;
  readonly event: AcceptedEvent;
  /** The batch's context under the event's own, key by key. */
  readonly context: EventContext;
  readonly position: EventPosition;
  /** Corrected instant, epoch ms; set by `clock`. */
  timestamp: number;
  /** Earliest instant at which the event can have been made, epoch ms on our clock; set by `clock`. */
  madeAt: number;
  row: EventRow;
}

/** An event that goes no further, and why. */
export interface Drop {
  readonly kind: 'drop';
  readonly reason: DropReason;
}

/** What a stage makes of an event: the event, or a drop with its reason. */
export type StageResult = PipelineEvent | Drop;

/** One step of the pipeline: no I/O, same input and state, same output. */
export interface Stage {
  readonly name: string;
  run(event: PipelineEvent): StageResult;
}
