import { type Arrival, type Channel, classifyChannel } from './classify-channel.ts';
import { type ClickKind, type ClickSource, toClickSources } from './click-ids.ts';
import { findSourceByHost } from './find-source.ts';
import type { SourceKind } from './sources/source.ts';

/** Who sent a visitor, how, and which channel that is. */
export interface ArrivalFacts {
  readonly channel: Channel;
  /** Lower case: a tag as it was given, a place's own name, or the referrer's host without 'www.'. */
  readonly source: string;
  readonly medium: string;
}

const mediumByClick: Readonly<Record<ClickKind, string>> = {
  paid_search: 'cpc',
  paid_social: 'cpc',
  display: 'display',
  affiliates: 'affiliate',
  email: 'email',
  organic_social: 'referral',
};
const mediumByPlace: Readonly<Record<SourceKind, string>> = {
  search: 'organic',
  social: 'referral',
  email: 'email',
  ai: 'ai-assistant',
};

const direct = { source: '(direct)', medium: '(none)' };
const notSet = '(not set)';

/**
 * Tells source, medium and channel. A tag goes before what it can be told from, and what a tag leaves open is told from
 * the rest: the click id of an ad or a mail, else the referrer, else the click id of a plain link. '(not set)' stands
 * where there are tags and none of these; '(direct)' and '(none)' where there is nothing. Never throws. Source: GA4's
 * traffic-source dimensions, https://support.google.com/analytics/answer/11242870. It differs where a known place has
 * one name and not that of each of its hosts ('facebook', not 'l.facebook.com'), and where a mailbox's medium is email.
 */
export function describeArrival(arrival: Arrival): ArrivalFacts {
  const channel = classifyChannel(arrival);
  if (channel === 'direct') return { channel, ...direct };
  const clicks = toClickSources(arrival.click_ids);
  const found =
    toClickFacts(clicks.find(({ kind }) => kind !== 'organic_social')) ??
    toReferrerFacts(arrival.referrer_host) ??
    toClickFacts(clicks[0]);
  const source = arrival.utm_source.toLowerCase();
  const medium = arrival.utm_medium.toLowerCase();
  return {
    channel,
    source: source || (found?.source ?? notSet),
    // A referrer says nothing of the medium of a source that a tag names.
    medium: medium || (source === '' ? (found?.medium ?? notSet) : (toClickFacts(clicks[0])?.medium ?? notSet)),
  };
}

interface Found {
  readonly source: string;
  readonly medium: string;
}

function toClickFacts(click: ClickSource | undefined): Found | null {
  return click === undefined ? null : { source: click.source, medium: mediumByClick[click.kind] };
}

function toReferrerFacts(host: string): Found | null {
  if (host === '') return null;
  const place = findSourceByHost(host);
  if (place !== null) return { source: place.names[0], medium: mediumByPlace[place.kind] };
  return { source: host.startsWith('www.') ? host.slice(4) : host, medium: 'referral' };
}
