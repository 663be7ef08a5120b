import { type ClickKind, toClickSources } from './click-ids.ts';
import { findSourceByHost, findSourceByName } from './find-source.ts';
import type { SourceKind } from './sources/source.ts';

/** How a visitor came, in the one spelling that the `channel` column has. Source: contract 4. */
export type Channel =
  | 'direct'
  | 'organic_search'
  | 'paid_search'
  | 'organic_social'
  | 'paid_social'
  | 'email'
  | 'ai_assistant'
  | 'referral'
  | 'affiliates'
  | 'display';

/** What is known of how a visitor came; '' and {} where nothing is. Case does not count in the tags. */
export interface Arrival {
  readonly utm_source: string;
  readonly utm_medium: string;
  readonly utm_campaign: string;
  readonly click_ids: Readonly<Record<string, string>>;
  /** Host of another site; '' for none or one's own. */
  readonly referrer_host: string;
}

const paidMedium = /^(?:.*cp.*|ppc|retargeting|remarketing|paid.*|sem)$/;
const searchAdMedium = /^(?:cpc|ppc|sem|paid[-_ ]?search)$/;
const displayMedium = /^(?:display|banner|expandable|interstitial|cpm)$/;
const affiliateMedium = /^affiliates?$/;
const emailTag = /^(?:e[-_ ]?mail|newsletter)$/;
const socialMedium = /^(?:(?:organic[-_ ]?)?(?:social|social[-_ ]?network|social[-_ ]?media|sm)|.*video.*)$/;
const assistantMedium = /^ai[-_ ]assistants?$/;
const noMedium = /^(?:|\(none\)|\(not set\)|none)$/;

/**
 * Tells the channel; the first rule that holds wins, and none ever throws. A *place* is what `utm_source`
 * names, else the referrer; *paid* is a medium of GA4's `^(.*cp.*|ppc|retargeting|paid.*)$`.
 *
 *  1. source '(direct)' without a medium: direct
 *  2. medium affiliate, or an affiliate network's click id: affiliates
 *  3. paid, and a social place or a medium with 'social' in it: paid_social
 *  4. paid, and a search engine: paid_search
 *  5. medium display, banner, expandable, interstitial or cpm, or a `dclid`: display
 *  6. an ad's click id: paid_search or paid_social, whatever the medium says
 *  7. paid, and neither: paid_search for cpc, ppc, sem and paid search, else display
 *  8. medium or source email, a mail service, or a mail's click id: email
 *  9. an assistant that answers, or medium ai-assistant: ai_assistant
 * 10. a social place or medium, or a medium with 'video' in it: organic_social
 * 11. a search engine, or medium organic: organic_search
 * 12. a click id of a network's plain links (`fbclid`): organic_social
 * 13. any other referrer, or any tag at all: referral
 * 14. nothing: direct
 *
 * Source: GA4's default channel group, https://support.google.com/analytics/answer/9756891, which has the channel
 * 'AI Assistant' and its medium since May 2026. It differs where contract 4 has fewer channels: shopping counts as
 * search or referral, video sites as social networks, and what GA4 calls 'paid other', 'audio', 'SMS', 'mobile push
 * notifications' and 'unassigned' finds its nearest channel (7, 13). It differs too where a medium that says email
 * goes before a social source (8 before 10), and where an assistant's visit has another medium (9).
 */
export function classifyChannel(arrival: Arrival): Channel {
  const source = arrival.utm_source.toLowerCase();
  const medium = arrival.utm_medium.toLowerCase();
  const clicks = new Set(toClickSources(arrival.click_ids).map(({ kind }) => kind));
  if (isDirectTag(source) && noMedium.test(medium)) return 'direct';
  const place = (findSourceByName(source) ?? findSourceByHost(arrival.referrer_host))?.kind ?? null;

  return (
    toBoughtChannel(medium, place, clicks) ??
    toFreeChannel(source, medium, place, clicks) ??
    (arrival.referrer_host + source + medium + arrival.utm_campaign === '' ? 'direct' : 'referral')
  );
}

function isDirectTag(source: string): boolean {
  return source === 'direct' || source === '(direct)';
}

/** Rules 2 to 7. */
function toBoughtChannel(medium: string, place: SourceKind | null, clicks: ReadonlySet<ClickKind>): Channel | null {
  const isPaid = paidMedium.test(medium);
  if (affiliateMedium.test(medium) || clicks.has('affiliates')) return 'affiliates';
  if (isPaid && (place === 'social' || medium.includes('social'))) return 'paid_social';
  if (isPaid && place === 'search') return 'paid_search';
  if (displayMedium.test(medium) || clicks.has('display')) return 'display';
  if (clicks.has('paid_search')) return 'paid_search';
  if (clicks.has('paid_social')) return 'paid_social';
  if (!isPaid) return null;
  return searchAdMedium.test(medium) ? 'paid_search' : 'display';
}

/** Rules 8 to 12. */
function toFreeChannel(
  source: string,
  medium: string,
  place: SourceKind | null,
  clicks: ReadonlySet<ClickKind>,
): Channel | null {
  if (emailTag.test(medium) || emailTag.test(source) || place === 'email' || clicks.has('email')) return 'email';
  if (place === 'ai' || assistantMedium.test(medium)) return 'ai_assistant';
  if (place === 'social' || socialMedium.test(medium)) return 'organic_social';
  if (place === 'search' || medium === 'organic') return 'organic_search';
  return clicks.has('organic_social') ? 'organic_social' : null;
}
