import { type DeadLetter, encodeLogRecord } from '@px-platform/schemas';
import type { ProcessorMetrics } from './metrics.ts';
import type { PipelineEvent, Stage } from './pipeline-event.ts';
import { toLetterRecord } from './privacy/to-letter-record.ts';
import { toUtcDay } from './utc-day.ts';

const dayMs = 24 * 60 * 60 * 1000;
/** How long a dead letter is kept at most. */
const letterDays = 90;

/** What is left of events after a stage; drops are counted, not kept. */
export interface StageOutcome {
  readonly events: PipelineEvent[];
  /** Events on which the stage threw: a fault of ours, kept for a replay once it is mended. */
  readonly letters: DeadLetter[];
}

/** Runs one stage over events in their order; times it and counts its drops under its name. */
export function runStage(stage: Stage, events: readonly PipelineEvent[], metrics: ProcessorMetrics): StageOutcome {
  const endTimer = metrics.stageSeconds.startTimer({ stage: stage.name });
  const kept: PipelineEvent[] = [];
  const letters: DeadLetter[] = [];
  for (const event of events) {
    try {
      const result = stage.run(event);
      if ('kind' in result) metrics.drops.inc({ reason: result.reason });
      else kept.push(result);
    } catch (cause) {
      letters.push(toEventLetter(event, 'stage_failed', stage.name, cause));
    }
  }
  endTimer();
  return { events: kept, letters };
}

/**
 * Gives the dead letter of one event: its bytes are a whole record that holds this event alone, as `privacy` left it.
 * It is dated by the log, as those of whole records are: an event that is replayed was received long ago, and letters are
 * kept by their age.
 */
export function toEventLetter(
  event: PipelineEvent,
  reason: 'stage_failed' | 'row_refused',
  stage: string,
  cause: unknown,
): DeadLetter {
  const { position, record } = event;
  return {
    reason,
    stage,
    // Cut within a pair of surrogates, the text would be one that no store takes.
    message: (cause instanceof Error ? cause.message : String(cause)).slice(0, 1_000).toWellFormed(),
    project_id: record.project_id,
    log: position.logId,
    partition: position.partition,
    offset: position.offset,
    index: position.index,
    received_at: position.appendedAt,
    retain_until: toUtcDay(position.appendedAt + Math.min(record.retention_days, letterDays) * dayMs),
    payload: encodeLogRecord(toLetterRecord(event)).toString('base64'),
  };
}
