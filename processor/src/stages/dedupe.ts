import { clockLimits } from '@px-platform/schemas';
import type { IdWindow } from '../dedupe/id-window.ts';
import type { PipelineEvent, Stage } from '../pipeline-event.ts';

/** Ids to look up in the store before the stage runs over these events. */
export interface UnsureId {
  readonly projectId: string;
  readonly eventId: string;
}

/** Dedupe, one batch at a time; batches of several partitions may be under way at once. */
export interface Dedupe {
  /**
   * Looks over a batch. An earlier copy can't have been received before the event was made: so an event
   * made since the window's start is decided in memory, and an older one, one of unknown age, or one
   * made in the future (a clock that can't be trusted) is looked up.
   */
  begin(events: readonly PipelineEvent[]): DedupeBatch;
}

/** One batch, looked over. */
export interface DedupeBatch {
  /** The ids that memory can't decide. */
  readonly unsure: readonly UnsureId[];
  /** Gives the stage for this batch; `stored` answers `unsure`: `project_id:event_id` of those stored. */
  withStored(stored: ReadonlySet<string>): Stage;
}

/**
 * Drops events whose id this project has already had, for ever: ids of the window in memory, older ones
 * by the store's answer. A batch remembers what it found and took itself, since its own events move the
 * window on. Never throws; after a restart the window is warmed from the store.
 */
export function createDedupe(window: IdWindow): Dedupe {
  // A clock is believed while it is less than a minute ahead: the event may be older by as much.
  const isDecided = (event: PipelineEvent): boolean =>
    event.madeAt >= window.coveredSince + clockLimits.maxFutureMs &&
    event.madeAt <= event.record.received_at + clockLimits.maxFutureMs;

  return {
    begin(events) {
      const seen = new Set<string>();
      const unsure: UnsureId[] = [];
      for (const event of events) {
        const [projectId, eventId] = [event.record.project_id, event.event.event_id];
        if (window.has(projectId, eventId)) seen.add(toKey(projectId, eventId));
        else if (!isDecided(event)) unsure.push({ projectId, eventId });
      }
      return { unsure, withStored: (stored) => createStage(window, seen, stored) };
    },
  };
}

function createStage(window: IdWindow, seen: Set<string>, stored: ReadonlySet<string>): Stage {
  return {
    name: 'dedupe',
    run(event) {
      const [projectId, eventId] = [event.record.project_id, event.event.event_id];
      const key = toKey(projectId, eventId);
      if (seen.has(key) || stored.has(key) || window.has(projectId, eventId)) {
        return { kind: 'drop', reason: 'duplicate' };
      }
      seen.add(key);
      window.add(projectId, eventId, event.record.received_at);
      return event;
    },
  };
}

function toKey(projectId: string, eventId: string): string {
  return `${projectId}:${eventId}`;
}
