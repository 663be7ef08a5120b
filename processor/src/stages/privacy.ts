import type { AcceptedEvent } from '@px-platform/schemas';
import type { PipelineEvent, Stage } from '../pipeline-event.ts';
import { createDeniedKeys } from '../privacy/denied-keys.ts';
import { type IsRemoved, removeFrom } from '../privacy/remove-from.ts';
import type { SaltBook } from '../privacy/salt-book.ts';
import { toVisitorKey } from '../privacy/to-visitor-key.ts';
import { toContextWithoutClicks, toPropertiesWithoutClicks } from '../privacy/withhold-clicks.ts';
import { withholdPerson } from '../privacy/withhold-person.ts';
import { toUtcDay } from '../utc-day.ts';

/**
 * Takes from an event what its project or its visitor does not want kept, before any other stage sees it and so before any dead
 * letter is made of it: denied properties; under `consent.analytics: false` the person, who is then nobody ('') or, where the
 * project counts visitors by a daily hash, a key of the day; without consent to ads, which `Sec-GPC` denies where the event says
 * nothing, the values of click ids. Never throws, drops nothing. Source: docs/privacy.md.
 */
export function createPrivacyStage(salts: SaltBook): Stage {
  const deniedKeysOf = createDeniedKeys();
  return {
    name: 'privacy',
    run(given) {
      const isDenied = deniedKeysOf(given.record);
      const event = isDenied === null ? given : { ...given, event: removeDenied(given.event, isDenied) };
      const { consent } = event.context;
      const ads = consent?.ads ?? (event.record.gpc === true ? false : undefined);
      const allowed = ads === false ? withholdClicks(event) : event;
      return consent?.analytics === false ? withholdPerson(allowed, toPersonKey(allowed, salts)) : allowed;
    },
  };
}

function removeDenied(event: AcceptedEvent, isDenied: IsRemoved): AcceptedEvent {
  const { properties, traits } = event;
  return {
    ...event,
    ...(properties === undefined ? {} : { properties: removeFrom(properties, isDenied) }),
    ...(traits === undefined ? {} : { traits: removeFrom(traits, isDenied) }),
  };
}

function withholdClicks(pipelineEvent: PipelineEvent): PipelineEvent {
  const { record, event } = pipelineEvent;
  const context = toContextWithoutClicks(pipelineEvent.context);
  const { properties } = event;
  return {
    ...pipelineEvent,
    // What the batch says stands in the event's context now.
    record: { ...record, context: {} },
    event: {
      ...event,
      context,
      ...(properties === undefined ? {} : { properties: toPropertiesWithoutClicks(properties) }),
    },
    context,
  };
}

/** The day is that of receipt, by our own clock: a replay finds the same salt as long as there is one. */
function toPersonKey({ record }: PipelineEvent, salts: SaltBook): string {
  if (record.settings?.cookieless_visitors !== true) return '';
  const salt = salts.of(toUtcDay(record.received_at));
  if (salt === null) return '';
  const { project_id: projectId, ip, user_agent: userAgent } = record;
  return toVisitorKey(salt, { projectId, ip, userAgent });
}
