import type { AcceptedEvent, LogRecord } from '@px-platform/schemas';
import { emptyRow } from '../src/empty-row.ts';
import type { PipelineEvent, StageResult } from '../src/pipeline-event.ts';

type Given = {
  record?: Partial<LogRecord>;
  context?: PipelineEvent['context'];
  event?: Partial<AcceptedEvent>;
};

/** An event as `decode` gives it, with what the test sets. */
export function makePipelineEvent({ record = {}, context = {}, event: own = {} }: Given = {}): PipelineEvent {
  const event = { event: 'page_view', event_id: '0190163d-8694-739b-aea5-966c26f8ad91', ...own };
  return {
    record: {
      v: 1,
      tenant_id: 't1',
      project_id: 'p1',
      ip_policy: 'drop',
      retention_days: 365,
      key_prefix: 'px_pub_test_abcd',
      request_id: 'r1',
      schema_version: '1.0.0',
      received_at: 1_750_000_000_000,
      sent_at: null,
      ip: '',
      user_agent: '',
      client_hints: {},
      person_key: 'a1',
      events: [event],
      ...record,
    },
    event,
    context,
    position: { logId: 'l1', partition: 0, partitionCount: 0, offset: 0, index: 0, appendedAt: 1_750_000_000_000 },
    timestamp: 1_750_000_000_000,
    madeAt: 1_750_000_000_000,
    row: emptyRow(),
  };
}

/** The row that a stage left; fails where the stage dropped the event. */
export function toRow(result: StageResult): PipelineEvent['row'] {
  if ('kind' in result) throw new Error(`dropped: ${result.reason}`);
  return result.row;
}
