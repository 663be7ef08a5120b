import type { AcceptedEvent, EventContext, LogRecord } from '@px-platform/schemas';
import type { PipelineEvent } from '../pipeline-event.ts';
import { cutAddress, hideClickValues, hideMails, isIdentifying } from './identifying.ts';
import { removeFrom } from './remove-from.ts';

/**
 * Gives the event without its person: no id, no session, no traits, no request id, no property that identifies, addresses
 * without their parameters. `personKey` is what counts the visitor of a day, '' for nobody. The place in the log, the time and
 * what the program says of itself stay. Source: docs/privacy.md.
 */
export function withholdPerson(event: PipelineEvent, personKey: string): PipelineEvent {
  const context = cleanContext(event.context);
  return {
    ...event,
    record: toRecord(event.record, personKey),
    event: toEvent(event.event, context),
    context,
  };
}

function toRecord(record: LogRecord, personKey: string): LogRecord {
  const { context: _context, session_id: _session, traceparent: _trace, ...head } = record;
  return { ...head, person_key: personKey, request_id: '', ip_policy: 'drop' };
}

function toEvent(event: AcceptedEvent, context: EventContext): AcceptedEvent {
  const { event_id, timestamp, properties, schema_violation } = event;
  return {
    event: hideMails(event.event),
    event_id,
    ...(timestamp === undefined ? {} : { timestamp }),
    ...(schema_violation === undefined ? {} : { schema_violation }),
    ...(properties === undefined ? {} : { properties: removeFrom(properties, isIdentifying) }),
    context,
  };
}

function cleanContext({ page, campaign, click_ids, ...rest }: EventContext): EventContext {
  const context: EventContext = rest;
  if (page !== undefined) {
    const { url, path, search, referrer, title } = page;
    context.page = {
      ...(url === undefined ? {} : { url: cutAddress(url) }),
      ...(path === undefined ? {} : { path: cutAddress(path) }),
      ...(search === undefined ? {} : { search: cutAddress(search) }),
      ...(referrer === undefined ? {} : { referrer: cutAddress(referrer) }),
      ...(title === undefined ? {} : { title: hideMails(title) }),
    };
  }
  if (campaign !== undefined) {
    context.campaign = Object.fromEntries(
      Object.entries(campaign).map(([tag, value]) => [tag, hideMails(value ?? '')]),
    );
  }
  if (click_ids !== undefined) context.click_ids = hideClickValues(click_ids);
  return context;
}
