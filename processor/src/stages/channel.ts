import type { EventContext } from '@px-platform/schemas';
import { classifyChannel } from '../channel/classify-channel.ts';
import { clickKinds, readClickIds } from '../channel/click-ids.ts';
import { type PageUrl, parsePageUrl, parseReferrer } from '../channel/parse-page-url.ts';
import { toSite } from '../channel/to-site.ts';
import type { Stage } from '../pipeline-event.ts';

const maxTagLength = 300;
const tags = ['source', 'medium', 'campaign', 'term', 'content'] as const;
type Tags = Record<(typeof tags)[number], string>;

/**
 * Fills the page's URL with its parts, the referrer, campaign tags (at most 300 characters each), click ids
 * and the channel. What the client says of path and search goes before the URL's. Tags come from `context.campaign` as a whole, else from the URL. A referrer of the page's
 * own site stays in `referrer`, but gives no `referrer_host` and no channel. Never throws, drops nothing.
 * Source: contract 4.
 */
export function createChannelStage(): Stage {
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
      row.referrer_host = isOwn(referrer.host, page.host) ? '' : referrer.host;
      row.utm_source = utm.source;
      row.utm_medium = utm.medium;
      row.utm_campaign = utm.campaign;
      row.utm_term = utm.term;
      row.utm_content = utm.content;
      row.click_ids = readClickIds(context.click_ids, parameters);
      row.channel = classifyChannel(row);
      return event;
    },
  };
}

function readPage(page: EventContext['page']): PageUrl {
  const parsed = parsePageUrl(page?.url ?? '');
  return { ...parsed, path: page?.path || parsed.path, search: page?.search || parsed.search };
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
    if ((tagNames.has(key) || clickKinds.has(key)) && !parameters.has(key)) parameters.set(key, value);
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
