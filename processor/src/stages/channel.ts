import type { EventContext, ProjectSettings } from '@px-platform/schemas';
import { type CacheCounts, createBoundedCache } from '../bounded-cache.ts';
import type { Arrival } from '../channel/classify-channel.ts';
import { clickSources, readClickIds } from '../channel/click-ids.ts';
import { type ArrivalFacts, describeArrival } from '../channel/describe-arrival.ts';
import { isWithinHosts } from '../channel/is-within-hosts.ts';
import { type PageUrl, parsePageUrl, parseReferrer } from '../channel/parse-page-url.ts';
import { readTouch } from '../channel/read-touch.ts';
import { isPaymentPage } from '../channel/sources/payment-pages.ts';
import { toSite } from '../channel/to-site.ts';
import type { PipelineEvent, Stage } from '../pipeline-event.ts';

/** The channel stage with what its cache of arrivals has done. */
export interface ChannelStage extends Stage {
  cacheCounts(): CacheCounts;
}

const maxTagLength = 300;
const tags = ['source', 'medium', 'campaign', 'term', 'content'] as const;
type Tags = Record<(typeof tags)[number], string>;

const maxCachedArrivals = 10_000;

/**
 * Fills the page's URL with its parts, the referrer, campaign tags (at most 300 characters each), click ids,
 * channel, source and medium, and of a `page_view` the touches that the SDK remembers. What the client says of path
 * and search goes before the URL's. Tags come from `context.campaign` as a whole, else from the URL. A referrer of
 * the page's own site or of a host that the project calls internal, or a page where people pay, its own list or the
 * project's, stays in `referrer`, but gives no `referrer_host` and no channel.
 * What arrivals are is kept for the last 10,000 that differ. Never throws, drops nothing. Source: contract 4.
 */
export function createChannelStage(): ChannelStage {
  const cache = createBoundedCache<ArrivalFacts>({ maxEntries: maxCachedArrivals });
  const describe = (arrival: Arrival) => cache.getOrMake(toArrivalKey(arrival), () => describeArrival(arrival));

  return {
    name: 'channel',
    run(event) {
      const { row, context } = event;
      const page = readPage(context.page);
      const referrer = parseReferrer(context.page?.referrer ?? '');
      const parameters = readParameters(page.search);
      const utm = readTags(context.campaign, parameters);
      row.url = page.url;
      row.host = page.host;
      row.path = page.path;
      row.search = page.search;
      row.title = context.page?.title ?? '';
      row.referrer = referrer.url;
      row.referrer_host = isSender(referrer.host, page.host, event.record.settings) ? referrer.host : '';
      row.utm_source = utm.source;
      row.utm_medium = utm.medium;
      row.utm_campaign = utm.campaign;
      row.utm_term = utm.term;
      row.utm_content = utm.content;
      row.click_ids = readClickIds(context.click_ids, parameters);
      const arrival = describe(row);
      row.channel = arrival.channel;
      row.source = arrival.source;
      row.medium = arrival.medium;
      fillTouches(event, describe);
      return event;
    },
    cacheCounts: cache.counts,
  };
}

/** Lengths before the texts, so that no tag can be made to look like the tags of another arrival. */
function toArrivalKey(arrival: Arrival): string {
  const { utm_source, utm_medium, utm_campaign, referrer_host } = arrival;
  let clicks = '';
  for (const name in arrival.click_ids) if (clickSources.has(name)) clicks += `${name} `;
  const isCampaign = utm_campaign === '' ? '-' : '+';
  return `${utm_source.length} ${utm_medium.length} ${clicks.length} ${isCampaign}${utm_source}${utm_medium}${clicks}${referrer_host}`;
}

function fillTouches({ event, row }: PipelineEvent, describe: (arrival: Arrival) => ArrivalFacts): void {
  if (event.event !== 'page_view' || event.properties === undefined) return;
  const first = readTouch(event.properties['first_touch']);
  if (first !== null) {
    const facts = describe({ ...first, referrer_host: '' });
    row.first_touch_channel = facts.channel;
    row.first_touch_source = facts.source;
    row.first_touch_medium = facts.medium;
    row.first_touch_campaign = first.utm_campaign;
  }
  const last = readTouch(event.properties['last_touch']);
  if (last !== null) {
    const facts = describe({ ...last, referrer_host: '' });
    row.last_touch_channel = facts.channel;
    row.last_touch_source = facts.source;
    row.last_touch_medium = facts.medium;
    row.last_touch_campaign = last.utm_campaign;
  }
}

function readPage(page: EventContext['page']): PageUrl {
  const parsed = parsePageUrl(page?.url ?? '');
  return { ...parsed, path: page?.path || parsed.path, search: page?.search || parsed.search };
}

/** Says whether a referrer is another's site, which sent the visitor. */
function isSender(referrerHost: string, host: string, settings: ProjectSettings | undefined): boolean {
  if (isOwn(referrerHost, host) || isPaymentPage(referrerHost)) return false;
  if (settings === undefined) return true;
  const { internal_hosts, payment_hosts } = settings;
  return !isWithinHosts(referrerHost, internal_hosts) && !isWithinHosts(referrerHost, payment_hosts);
}

function isOwn(referrerHost: string, host: string): boolean {
  if (referrerHost === '' || host === '') return false;
  return referrerHost === host || toSite(referrerHost) === toSite(host);
}

const noParameters: ReadonlyMap<string, string> = new Map();
const tagNames: ReadonlySet<string> = new Set(tags.map((tag) => `utm_${tag}`));

/** The parameters that mean something here, by lower-case name; of several of one name, the first. */
function readParameters(search: string): ReadonlyMap<string, string> {
  if (!search.includes('=')) return noParameters;
  const parameters = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(search)) {
    const key = name.toLowerCase();
    if ((tagNames.has(key) || clickSources.has(key)) && !parameters.has(key)) parameters.set(key, value);
  }
  return parameters;
}

function readTags(given: EventContext['campaign'], parameters: ReadonlyMap<string, string>): Tags {
  const own = [given?.source, given?.medium, given?.name, given?.term, given?.content];
  const isGiven = own.some((tag) => tag !== undefined && tag !== '');
  const [source = '', medium = '', campaign = '', term = '', content = ''] = (
    isGiven ? own : tags.map((tag) => parameters.get(`utm_${tag}`))
  ).map((tag) => (tag ?? '').trim().slice(0, maxTagLength).toWellFormed());
  return { source, medium, campaign, term, content };
}
