import type { AppendRecord } from '@px-platform/log';
import { type AcceptedEvent, encodeLogRecord, type LogRecord, toRecordKey } from '@px-platform/schemas';
import { encodeWithin } from './encode-within.ts';

/** What a request's records share: all of the record but its person and events. */
export type RecordHead = Omit<LogRecord, 'v' | 'person_key' | 'events'>;

/**
 * Groups a request's events by person, in the order sent, and gives each person's events as one
 * record to append, keyed `project_id:person_key`. A record over 512 KiB is halved at an event's
 * border until each part fits; the parts keep their order. Source: contract 1.
 */
export function toRecords(head: RecordHead, events: readonly AcceptedEvent[]): AppendRecord[] {
  const records: AppendRecord[] = [];
  for (const [personKey, own] of groupByPerson(events)) {
    const key = toRecordKey(head.project_id, personKey);
    const encode = (part: AcceptedEvent[]) => encodeLogRecord({ v: 1, ...head, person_key: personKey, events: part });
    for (const payload of encodeWithin(own, encode)) records.push({ key, payload });
  }
  return records;
}

function groupByPerson(events: readonly AcceptedEvent[]): Map<string, AcceptedEvent[]> {
  const groups = new Map<string, AcceptedEvent[]>();
  for (const event of events) {
    const personKey = event.anonymous_id ?? event.user_id ?? '';
    const group = groups.get(personKey);
    if (group === undefined) groups.set(personKey, [event]);
    else group.push(event);
  }
  return groups;
}
