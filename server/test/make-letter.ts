import { type AcceptedEvent, type DeadLetter, encodeLogRecord, type LogRecord } from '@px-platform/schemas';

/** Gives the record of one person's events, as ingest makes it. */
export function makeRecord(projectId: string, events: AcceptedEvent[]): LogRecord {
  return {
    v: 1,
    tenant_id: 'ten_1',
    project_id: projectId,
    ip_policy: 'drop',
    retention_days: 365,
    key_prefix: 'px_pub_test_abcd',
    request_id: 'r1',
    schema_version: '1.0.0',
    received_at: Date.UTC(2026, 0, 1),
    sent_at: null,
    ip: '',
    user_agent: '',
    client_hints: {},
    person_key: 'anna',
    events,
  };
}

/** Gives the dead letter of an event, its place numbered by `offset`. */
export function makeLetter(projectId: string, offset = 0, own: Partial<DeadLetter> = {}): DeadLetter {
  const event_id = `0190163d-8694-739b-aea5-${String(offset).padStart(12, '0')}`;
  return {
    reason: 'row_refused',
    stage: 'store',
    message: 'no',
    project_id: projectId,
    log: 'log-1',
    partition: 0,
    offset,
    index: 0,
    received_at: Date.UTC(2026, 0, 1),
    payload: encodeLogRecord(makeRecord(projectId, [{ event: 'signup', event_id }])).toString('base64'),
    ...own,
  };
}
