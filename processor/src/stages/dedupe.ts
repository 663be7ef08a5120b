import { clockLimits } from '@px-platform/schemas';
import { createHeldRows, type HeldRows } from '../dedupe/held-rows.ts';
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
   * made in the newer half of the window is decided in memory, and an older one, one of unknown age, or one
   * made in the future (a clock that can't be trusted) is looked up. The older half is for servers whose clocks differ.
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
 * window on. `held` tells of what a crash left in the store and is about to be made again: a copy of it in another
 * partition is a duplicate, in whatever order the two are read now. Never throws; after a restart the window is warmed
 * from the store.
 */
export function createDedupe(window: IdWindow, held: HeldRows = createHeldRows(new Map())): Dedupe {
  function isDecided({ madeAt, record }: PipelineEvent): boolean {
    // By how much the clock of the server that took an earlier copy may be behind that of another one.
    const serverSkewMs = (window.newestAt - window.coveredSince) / 2;
    // A client's clock is believed while it is less than a minute ahead: the event may be older by as much.
    const since = window.coveredSince + serverSkewMs + clockLimits.maxFutureMs;
    return madeAt >= since && madeAt <= record.received_at + clockLimits.maxFutureMs;
  }

  return {
    begin(events) {
      const seen = new Set<string>();
      const unsure: UnsureId[] = [];
      for (const event of events) {
        const [projectId, eventId] = [event.record.project_id, event.event.event_id];
        if (window.has(projectId, eventId)) seen.add(toKey(projectId, eventId));
        else if (!isDecided(event)) unsure.push({ projectId, eventId });
      }
      return { unsure, withStored: (stored) => createStage({ window, held, seen, stored }) };
    },
  };
}

function createStage(known: {
  readonly window: IdWindow;
  readonly held: HeldRows;
  readonly seen: Set<string>;
  readonly stored: ReadonlySet<string>;
}): Stage {
  const { window, held, seen, stored } = known;
  return {
    name: 'dedupe',
    run(event) {
      const [projectId, eventId] = [event.record.project_id, event.event.event_id];
      const key = toKey(projectId, eventId);
      if (seen.has(key) || stored.has(key) || held.isElsewhere(event)) return { kind: 'drop', reason: 'duplicate' };
      if (!window.add(projectId, eventId, event.record.received_at)) return { kind: 'drop', reason: 'duplicate' };
      seen.add(key);
      held.forget(event);
      return event;
    },
  };
}

function toKey(projectId: string, eventId: string): string {
  return `${projectId}:${eventId}`;
}
