import { clockLimits } from '@px-platform/schemas';
import type { IdWindow } from '../dedupe/id-window.ts';
import type { PipelineEvent, Stage } from '../pipeline-event.ts';

/** Ids to look up in the store before the stage runs over these events. */
export interface UnsureId {
  readonly projectId: string;
  readonly eventId: string;
}

/** The dedupe stage, and what it must be told of the store before it runs. */
export interface DedupeStage extends Stage {
  /**
   * Gives the ids that memory can't decide. An earlier copy can't have been received before the event
   * was made: so an event made since the window's start is decided in memory, and an older one, one of
   * unknown age, or one made in the future (a clock that can't be trusted) is looked up.
   */
  unsure(events: readonly PipelineEvent[]): UnsureId[];
  /** Takes the answer for the events asked about last: `project_id:event_id` of those stored. */
  learn(stored: ReadonlySet<string>): void;
}

/**
 * Drops events whose id this project has already had, for ever: ids of the window in memory, older ones
 * by the store's answer. Never throws; after a restart the window is warmed from the store.
 */
export function createDedupeStage(window: IdWindow): DedupeStage {
  let known: ReadonlySet<string> = new Set();

  const isDecided = (event: PipelineEvent): boolean =>
    window.has(event.record.project_id, event.event.event_id) ||
    (event.madeAt >= window.coveredSince && event.madeAt <= event.record.received_at + clockLimits.maxFutureMs);

  return {
    name: 'dedupe',
    unsure: (events) =>
      events
        .filter((event) => !isDecided(event))
        .map((event) => ({ projectId: event.record.project_id, eventId: event.event.event_id })),
    learn(stored) {
      known = stored;
    },
    run(event) {
      const projectId = event.record.project_id;
      const eventId = event.event.event_id;
      const isDuplicate = window.has(projectId, eventId) || known.has(`${projectId}:${eventId}`);
      if (isDuplicate) return { kind: 'drop', reason: 'duplicate' };
      window.add(projectId, eventId, event.record.received_at);
      return event;
    },
  };
}
