import type { EventContext, ProjectSettings } from '@px-platform/schemas';
import { type CacheCounts, createBoundedCache } from '../bounded-cache.ts';
import type { Arrival } from '../channel/classify-channel.ts';
import { clickSources, readClickIds } from '../channel/click-ids.ts';
import { type ArrivalFacts, describeArrival } from '../channel/describe-arrival.ts';
import { isWithinHosts } from '../channel/is-within-hosts.ts';
import { parsePageUrl, parseReferrer } from '../channel/parse-page-url.ts';
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
/** A page sends several events from one URL, and its visitor's next page gives it as its referrer. */
const maxCachedUrls = 2_000;
/** What is longer is parsed each time: URLs may have 8,192 characters, and many of those would fill the memory. */
const maxCachedUrlLength = 1_000;

/**
 * Fills the page's URL with its parts, the referrer, campaign tags (at most 300 characters each), click ids,
 * channel, source and medium, and of a `page_view` the touches that the SDK remembers. What the client says of path
 * and search goes before the URL's. Tags come from `context.campaign` as a whole, else from the URL. A referrer of
 * the page's own site or of a host that the project calls internal, or a page where people pay, its own list or the
 * project's, stays in `referrer`, but gives no `referrer_host` and no channel.
 * What arrivals are is kept for some 10,000 that differ, and the parts of some 2,000 URLs. Never throws, drops
 * nothing. Source: contract 4.
 */
export function createChannelStage(): ChannelStage {
  const cache = createBoundedCache<ArrivalFacts>({ maxEntries: maxCachedArrivals });
  const parsePage = keepUrls(parsePageUrl);
  const parseSender = keepUrls(parseReferrer);
  const describe = (arrival: Arrival) => cache.getOrMake(toArrivalKey(arrival), () => describeArrival(arrival));

  return {
    name: 'channel',
    run(event) {
      const { row, context } = event;
      const url = parsePage(context.page?.url ?? '');
      const path = context.page?.path || url.path;
      const search = context.page?.search || url.search;
      const referrer = parseSender(context.page?.referrer ?? '');
      const parameters = readParameters(search);
      const utm = readTags(context.campaign, parameters);
      row.url = url.url;
      row.host = url.host;
      row.path = path;
      row.search = search;
      row.title = context.page?.title ?? '';
      row.referrer = referrer.url;
      row.referrer_host = isSender(referrer.host, url.host, event.record.settings) ? referrer.host : '';
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

/** Remembers the parts of the last URLs. */
function keepUrls<T extends object>(parse: (text: string) => T): (text: string) => T {
  const urls = createBoundedCache<T>({ maxEntries: maxCachedUrls });
  return (text) => (text.length > maxCachedUrlLength ? parse(text) : urls.getOrMake(text, parse));
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

const noTags: Tags = { source: '', medium: '', campaign: '', term: '', content: '' };

function readTags(given: EventContext['campaign'], parameters: ReadonlyMap<string, string>): Tags {
  if (given === undefined && parameters.size === 0) return noTags;
  const own = [given?.source, given?.medium, given?.name, given?.term, given?.content];
  const isGiven = own.some((tag) => tag !== undefined && tag !== '');
  const [source = '', medium = '', campaign = '', term = '', content = ''] = (
    isGiven ? own : tags.map((tag) => parameters.get(`utm_${tag}`))
  ).map((tag) => (tag ?? '').trim().slice(0, maxTagLength).toWellFormed());
  return { source, medium, campaign, term, content };
}
