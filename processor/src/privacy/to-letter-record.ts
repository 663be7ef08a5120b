import type { LogRecord } from '@px-platform/schemas';
import { parseIp, truncateIp } from '../geo/ip-address.ts';
import type { PipelineEvent } from '../pipeline-event.ts';

/** Whose an event is where the visitor denied analytics: a record names somebody. */
const nobody = '-';

/**
 * Gives the record that a dead letter keeps of one event: its address by the project's `ip_policy`, as on a row, so that a
 * letter keeps no more of a visitor than the row would have. A replay then finds no place, or that of the network.
 */
export function toLetterRecord({ record, event }: PipelineEvent): LogRecord {
  const ip = toLetterIp(record);
  return { ...record, ip, person_key: record.person_key || nobody, events: [event] };
}

function toLetterIp({ ip, ip_policy }: LogRecord): string {
  if (ip_policy === 'drop') return '';
  const parsed = ip.length > 64 ? null : parseIp(ip);
  if (parsed === null) return '';
  return ip_policy === 'keep' ? parsed.text : truncateIp(parsed);
}
