import { readUuidV7Time } from '@px-platform/runtime';
import { clockLimits } from '@px-platform/schemas';
import type { PipelineEvent, Stage } from '../pipeline-event.ts';
import { toUtcDay } from '../utc-day.ts';

/**
 * Corrects the event's time by the client's clock error, `received_at - sent_at`, where that is over
 * 5 s; a time over 1 min ahead becomes the received time, one over 7 days back is kept and flagged late.
 * Fills `timestamp`, `clock_error_ms`, `is_late` and `day`. Source: contract 1.
 */
export function createClockStage(): Stage {
  return { name: 'clock', run: correctClock };
}

function correctClock(event: PipelineEvent): PipelineEvent {
  const { record, row } = event;
  const receivedAt = record.received_at;
  const measured = record.sent_at === null ? 0 : receivedAt - record.sent_at;
  const errorMs = Math.abs(measured) > clockLimits.maxClockErrorMs ? measured : 0;
  const given = event.event.timestamp === undefined ? null : Date.parse(event.event.timestamp);
  const inId = readUuidV7Time(event.event.event_id);

  const corrected = given === null ? receivedAt : given + errorMs;
  event.timestamp = corrected > receivedAt + clockLimits.maxFutureMs ? receivedAt : corrected;
  event.madeAt = toMadeAt(given, inId, errorMs);
  row.timestamp = event.timestamp;
  row.clock_error_ms = errorMs;
  row.is_late = event.timestamp < receivedAt - clockLimits.maxAgeMs;
  row.day = toDay(given ?? inId ?? 0);
  return event;
}

/** Where nothing tells when the event was made, an earlier copy may be of any age. */
function toMadeAt(given: number | null, inId: number | null, errorMs: number): number {
  const claims = [given, inId].filter((claim) => claim !== null);
  return claims.length === 0 ? Number.NEGATIVE_INFINITY : Math.min(...claims) + errorMs;
}

/**
 * The day is part of the sorting key, so it comes from what a resend repeats: the client's own time,
 * uncorrected (the correction differs from one sending to the next), else the time in a UUIDv7, else 1970.
 */
function toDay(claimed: number): string {
  return toUtcDay(claimed);
}
