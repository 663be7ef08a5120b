import type { AcceptedEvent, EventContext } from '@px-platform/schemas';
import { createPageIds, toUuidV7 } from './ids.ts';
import type { Random } from './random.ts';
import { drawControl, drawPage, type SitePage, toSiteUrl } from './site.ts';
import type { MixVisitor } from './visitor.ts';

/** What one request of a visit carries; instants are epoch ms. */
export interface MixRequest {
  readonly sentAt: number;
  readonly sessionId: string;
  readonly visitor: MixVisitor;
  readonly landing: Pick<EventContext, 'campaign' | 'click_ids'>;
  readonly events: AcceptedEvent[];
}

/** The SDK sends what happens within so long together. */
const flushMs = 5_000;
const referrers = [
  'https://www.google.com/',
  'https://www.bing.com/',
  'https://l.instagram.com/',
  'https://news.example/',
];
const campaigns = ['newsletter|email|spring', 'google|cpc|brand', 'google|cpc|teas', 'facebook|paid_social|spring'];

/**
 * Gives the requests of one visit as the SDK sends them: 3.2 views on average; of each view its `page_view`, 1.6 clicks, and
 * its `scroll` when it ends; in one of ten a `product_added` of the shop's own. Three views of five load a document, the others
 * are navigations inside the page. One visit in five begins at a search engine or another site, one in seven by a campaign.
 */
export function makeVisit(random: Random, visitor: MixVisitor, startAt: number): MixRequest[] {
  const sessionId = toUuidV7(random, startAt);
  const { search, landing } = drawLanding(random);
  let referrer = search !== '' || random.next() < 0.2 ? (referrers[random.rank(referrers.length)] ?? '') : '';
  if (search !== '') {
    const touch = { ...landing, at: new Date(startAt).toISOString() };
    visitor.touches = { first_touch: visitor.touches?.first_touch ?? touch, last_touch: touch };
  }
  let newId = createPageIds(random);
  let at = startAt;
  const events: { at: number; event: AcceptedEvent; landing: MixRequest['landing'] }[] = [];
  const views = 1 + random.count(random.next() < 0.4 ? 0 : 3.8);
  for (let view = 0; view < views; view += 1) {
    const isLoaded = view === 0 || random.next() < 0.6;
    if (isLoaded) newId = createPageIds(random);
    const page = drawPage(random);
    const query = view === 0 ? search : '';
    const context = { page: toPageContext(page, query, referrer) };
    const told = view === 0 ? landing : {};
    const tell = (event: string, when: number, properties: Record<string, unknown>): void => {
      const timestamp = new Date(when).toISOString();
      const { anonymousId: anonymous_id } = visitor;
      events.push({
        at: when,
        event: { event, event_id: newId(when), timestamp, anonymous_id, properties, context },
        landing: told,
      });
    };
    tell('page_view', at, { ...visitor.touches });
    const lookedMs = 1_500 + Math.floor(-Math.log(1 - random.next()) * 28_000);
    const clicks = Array.from({ length: random.count(1.6) }, () => at + Math.floor(random.next() * lookedMs)).sort(
      (a, b) => a - b,
    );
    for (const clickedAt of clicks) tell('click', clickedAt, drawControl(random, page));
    if (random.next() < 0.1) {
      const price = 4 + random.below(60) * 0.5;
      tell('product_added', at + lookedMs - 1, {
        sku: page.path.slice(-12),
        price,
        currency: 'EUR',
        quantity: 1 + random.count(0.2),
      });
    }
    at += lookedMs;
    tell('scroll', at, {
      depth01: Math.round(random.next() * 100) / 100,
      engaged_ms: Math.floor(lookedMs * (0.3 + random.next() * 0.7)),
    });
    referrer = toSiteUrl(page, query);
    at += 40 + random.below(400);
  }
  return toRequests(events, { sessionId, visitor });
}

function drawLanding(random: Random): { search: string; landing: MixRequest['landing'] } {
  if (random.next() >= 1 / 7) return { search: '', landing: {} };
  const [source = '', medium = '', name = ''] = (campaigns[random.rank(campaigns.length)] ?? '').split('|');
  const campaign = { source, medium, name };
  const query = `?utm_source=${source}&utm_medium=${medium}&utm_campaign=${name}`;
  if (source !== 'google') return { search: query, landing: { campaign } };
  const gclid = `Cj0KCQ${random.token(80)}`;
  return { search: `${query}&gclid=${gclid}`, landing: { campaign, click_ids: { gclid } } };
}

function toPageContext(page: SitePage, search: string, referrer: string): NonNullable<EventContext['page']> {
  const url = toSiteUrl(page, search);
  return {
    url,
    path: page.path,
    ...(search === '' ? {} : { search }),
    ...(referrer === '' ? {} : { referrer }),
    title: page.title,
  };
}

function toRequests(
  events: readonly { at: number; event: AcceptedEvent; landing: MixRequest['landing'] }[],
  of: Pick<MixRequest, 'sessionId' | 'visitor'>,
): MixRequest[] {
  const requests: MixRequest[] = [];
  for (const { at, event, landing } of events) {
    const last = requests.at(-1);
    if (last !== undefined && at <= last.sentAt && last.landing === landing) last.events.push(event);
    else requests.push({ ...of, landing, sentAt: at + flushMs, events: [event] });
  }
  return requests;
}
