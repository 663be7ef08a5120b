/** What a click id says of the click: an ad of some kind, a partner's link, a mail, or a link in a network. */
export type ClickKind = 'paid_search' | 'paid_social' | 'display' | 'affiliates' | 'email' | 'organic_social';

/**
 * The click ids that are read from a page's URL, lower case, those of ads first. `fbclid`, `epik` and
 * `igshid` say nothing of money: their networks add them to every link.
 */
export const clickKinds: ReadonlyMap<string, ClickKind> = new Map([
  ['gclid', 'paid_search'],
  ['gbraid', 'paid_search'],
  ['wbraid', 'paid_search'],
  ['msclkid', 'paid_search'],
  ['yclid', 'paid_search'],
  ['dclid', 'display'],
  ['ttclid', 'paid_social'],
  ['li_fat_id', 'paid_social'],
  ['twclid', 'paid_social'],
  ['rdt_cid', 'paid_social'],
  ['sccid', 'paid_social'],
  ['qclid', 'paid_social'],
  ['irclickid', 'affiliates'],
  ['cjevent', 'affiliates'],
  ['awc', 'affiliates'],
  ['mc_eid', 'email'],
  ['_kx', 'email'],
  ['fbclid', 'organic_social'],
  ['igshid', 'organic_social'],
  ['epik', 'organic_social'],
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
  const found = new Map<string, string>();
  for (const [name, value] of parameters) if (clickKinds.has(name)) keep(found, name, value);
  for (const name in given) keep(found, name.toLowerCase(), given[name] ?? '');
  if (found.size === 0) return {};
  return Object.fromEntries([...found].sort(([a], [b]) => toRank(a) - toRank(b)).slice(0, maxClickIds));
}

function keep(found: Map<string, string>, name: string, value: string): void {
  if (value !== '' && value.length <= maxClickIdLength) found.set(name, value);
}

const ranks: ReadonlyMap<string, number> = new Map([...clickKinds.keys()].map((name, rank) => [name, rank]));

function toRank(name: string): number {
  return ranks.get(name) ?? ranks.size;
}

/** Says which kinds of click the ids of an event tell of. */
export function toClickKinds(clickIds: Readonly<Record<string, string>>): ReadonlySet<ClickKind> {
  const kinds = new Set<ClickKind>();
  for (const name in clickIds) {
    const kind = clickKinds.get(name);
    if (kind !== undefined) kinds.add(kind);
  }
  return kinds;
}
