import { readUuidV7Time } from '@px-platform/runtime';
import type { PipelineEvent } from '../pipeline-event.ts';
import { maxIdAgeMs } from './limits.ts';

/**
 * Gives the session id that the client gave, where it can be one: not the nil or the max UUID, and not a UUIDv7 made
 * over 25 h from the event, both by the client's own clock: an id that is given for ever names no session.
 */
export function keepClientId(event: PipelineEvent): string | undefined {
  const id = event.event.session_id ?? event.record.session_id;
  if (id === undefined || id.startsWith('00000000-0000-0000') || id.startsWith('ffffffff-ffff-ffff')) return undefined;
  const bornAt = readUuidV7Time(id);
  if (bornAt === null) return id;
  const given = event.event.timestamp;
  const madeAt = given === undefined ? event.timestamp - event.row.clock_error_ms : Date.parse(given);
  return Math.abs(madeAt - bornAt) <= maxIdAgeMs ? id : undefined;
}
