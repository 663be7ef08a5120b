/** What a click id says of the click: an ad of some kind, a partner's link, a mail, or a link in a network. */
export type ClickKind = 'paid_search' | 'paid_social' | 'display' | 'affiliates' | 'email' | 'organic_social';

/** Who adds a click id to its links, by the name it has among the sources, and what kind of click it tells of. */
export interface ClickSource {
  readonly kind: ClickKind;
  readonly source: string;
}

/**
 * The click ids that are read from a page's URL, lower case, those of ads first. `fbclid`, `epik` and
 * `igshid` say nothing of money: their networks add them to every link.
 */
export const clickSources: ReadonlyMap<string, ClickSource> = new Map([
  ['gclid', { kind: 'paid_search', source: 'google' }],
  ['gbraid', { kind: 'paid_search', source: 'google' }],
  ['wbraid', { kind: 'paid_search', source: 'google' }],
  ['gad_source', { kind: 'paid_search', source: 'google' }],
  ['msclkid', { kind: 'paid_search', source: 'bing' }],
  ['yclid', { kind: 'paid_search', source: 'yandex' }],
  ['dclid', { kind: 'display', source: 'google' }],
  ['ttclid', { kind: 'paid_social', source: 'tiktok' }],
  ['li_fat_id', { kind: 'paid_social', source: 'linkedin' }],
  ['twclid', { kind: 'paid_social', source: 'twitter' }],
  ['rdt_cid', { kind: 'paid_social', source: 'reddit' }],
  ['sccid', { kind: 'paid_social', source: 'snapchat' }],
  ['qclid', { kind: 'paid_social', source: 'quora' }],
  ['tblci', { kind: 'display', source: 'taboola' }],
  ['dicbo', { kind: 'display', source: 'outbrain' }],
  ['irclickid', { kind: 'affiliates', source: 'impact' }],
  ['cjevent', { kind: 'affiliates', source: 'cj' }],
  ['awc', { kind: 'affiliates', source: 'awin' }],
  ['mc_eid', { kind: 'email', source: 'mailchimp' }],
  ['mc_cid', { kind: 'email', source: 'mailchimp' }],
  ['_kx', { kind: 'email', source: 'klaviyo' }],
  ['_hsenc', { kind: 'email', source: 'hubspot' }],
  ['mkt_tok', { kind: 'email', source: 'marketo' }],
  ['fbclid', { kind: 'organic_social', source: 'facebook' }],
  ['igshid', { kind: 'organic_social', source: 'instagram' }],
  ['epik', { kind: 'organic_social', source: 'pinterest' }],
]);

/** At most this many click ids are kept of one event. */
export const maxClickIds = 10;

/** A longer value is no click id, and is left out rather than cut: a part of one is of no use. */
export const maxClickIdLength = 1_000;

/**
 * Gathers click ids by lower-case name: what the client found (`context.click_ids`, any name) before what
 * stands in the URL's parameters (known names). Those of the table come first, in its order, so that the
 * first does not hang on the order in a URL. Never throws.
 */
export function readClickIds(
  given: Readonly<Record<string, string>> | undefined,
  parameters: ReadonlyMap<string, string>,
): Record<string, string> {
  if (given === undefined && parameters.size === 0) return {};
  const found = new Map<string, string>();
  for (const [name, value] of parameters) if (clickSources.has(name)) keep(found, name, value);
  for (const name in given) keep(found, name.toLowerCase(), given[name] ?? '');
  if (found.size === 0) return {};
  return Object.fromEntries([...found].sort(([a], [b]) => toRank(a) - toRank(b)).slice(0, maxClickIds));
}

function keep(found: Map<string, string>, name: string, value: string): void {
  if (value !== '' && value.length <= maxClickIdLength) found.set(name, value);
}

const ranks: ReadonlyMap<string, number> = new Map([...clickSources.keys()].map((name, rank) => [name, rank]));

function toRank(name: string): number {
  return ranks.get(name) ?? ranks.size;
}

/** Gives what the ids of an event tell of their clicks, ads first. Never throws. */
export function toClickSources(clickIds: Readonly<Record<string, string>>): readonly ClickSource[] {
  const sources: ClickSource[] = [];
  for (const name in clickIds) {
    const source = clickSources.get(name);
    if (source !== undefined) sources.push(source);
  }
  return sources;
}
