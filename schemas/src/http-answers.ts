import type { Rejection } from './problem.ts';

/** One event's fate in the answer to a batch, in the order sent. */
export interface EventResult {
  index: number;
  event_id: string | null;
  status: 'accepted' | 'rejected';
  error?: Rejection;
}

/** Answer to `POST /api/v1/events/batch`: 202, or 400 where nothing was accepted. */
export interface BatchAnswer {
  accepted: number;
  rejected: number;
  events: EventResult[];
}

/** Answer to `POST /api/v1/events`: 202. */
export interface EventAnswer {
  event_id: string;
  received_at: string;
}

/** Answer to Segment's routes: 200 where at least one call was accepted; the refused ones stand in `events`. */
export interface SegmentAnswer {
  success: true;
  rejected?: number;
  events?: EventResult[];
}

/**
 * Answer to `GET /api/v1/events/queue/status`. Depth counts records, age is in ms. What waits in the spool, `spooled` records, is
 * not in the log yet: `depth` and lag are the log's alone, as it last told them.
 */
export interface QueueStatus {
  backend: string;
  depth: number;
  oldest_age_ms: number;
  spooled: number;
  lag_by_partition: Record<string, number>;
  /** Where there is a spool. `in_use`: what comes goes to it; `set_aside`: records that the log refused for themselves. */
  spool?: {
    in_use: boolean;
    depth: number;
    bytes: number;
    max_bytes: number;
    oldest_age_ms: number;
    set_aside: number;
  };
}

/** Answer to `/health*`: each dependency with its state and latency. */
export interface HealthAnswer {
  status: 'ok' | 'degraded' | 'down';
  version: string;
  uptime_ms: number;
  dependencies: Record<string, { status: 'ok' | 'down'; latency_ms: number; message?: string }>;
}
