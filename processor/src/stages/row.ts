import type { ConsentState } from '@px-platform/schemas';
import type { PipelineEvent, Stage } from '../pipeline-event.ts';
import { toUtcDay } from '../utc-day.ts';

const dayMs = 24 * 60 * 60 * 1000;

/** Fills in what no stage before it has: ids, context, properties, retention and the place in the log. */
export function createRowStage(): Stage {
  return { name: 'row', run: fillRow };
}

function fillRow(pipelineEvent: PipelineEvent): PipelineEvent {
  const { record, event, context, position, row } = pipelineEvent;
  row.project_id = record.project_id;
  row.tenant_id = record.tenant_id;
  row.event = event.event;
  row.event_id = event.event_id;
  row.anonymous_id = event.anonymous_id ?? '';
  row.user_id = event.user_id ?? '';
  row.person_key = record.person_key;
  row.received_at = record.received_at;
  row.request_id = record.request_id;
  row.key_prefix = record.key_prefix;
  row.schema_version = record.schema_version;
  row.schema_violation = event.schema_violation ?? '';
  row.locale = context.locale ?? '';
  row.timezone = context.timezone ?? '';
  row.screen_width = Math.round(context.screen?.width ?? 0);
  row.screen_height = Math.round(context.screen?.height ?? 0);
  row.screen_density = context.screen?.density ?? 0;
  row.viewport_width = Math.round(context.viewport?.width ?? 0);
  row.viewport_height = Math.round(context.viewport?.height ?? 0);
  row.library_name = context.library?.name ?? '';
  row.library_version = context.library?.version ?? '';
  row.consent_analytics = toConsent(context.consent?.analytics);
  row.consent_ads = toConsent(context.consent?.ads);
  row.properties = event.properties ?? {};
  row.traits = event.traits ?? {};
  row.retain_until = toUtcDay(record.received_at + record.retention_days * dayMs);
  row._log = position.logId;
  row._partition = position.partition;
  row._offset = position.offset;
  row._index = position.index;
  row._partition_count = position.partitionCount;
  return pipelineEvent;
}

function toConsent(given: boolean | undefined): ConsentState {
  if (given === undefined) return '';
  return given ? 'granted' : 'denied';
}
