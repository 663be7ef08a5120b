import type { Clock } from '@px-platform/runtime';
import type { EventContext, WireBatch, WireEvent } from '@px-platform/schemas';
import { type VisitPlan, type VisitStep, visitTable } from './visit-table.ts';

/** What sending made-up visits needs from outside. */
export interface VisitorsDeps {
  /** The server's own address; it must trust `X-Forwarded-For` from here. */
  readonly endpoint: string;
  /** The demo project's browser key. */
  readonly apiKey: string;
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  readonly newId: () => string;
  /** 0 <= n < 1, as `Math.random`. */
  readonly random: () => number;
}

/** A visit is cut off after this long: a page waits for it. */
const requestTimeoutMs = 5_000;
/** A visitor does one thing within each such stretch of time, the last of them just now. */
const stepMs = 4_000;

/**
 * Gives a function that sends each visit of the table, a batch per visit, as one visitor never seen
 * before; it gives the number of events accepted. Throws what `fetch` throws. One in three visitors
 * with a basket says who they are.
 */
export function createVisitors(deps: VisitorsDeps): () => Promise<number> {
  return async () => {
    let sent = 0;
    for (const plan of shuffle(visitTable, deps.random)) sent += await sendVisit(deps, plan);
    return sent;
  };
}

async function sendVisit(deps: VisitorsDeps, plan: VisitPlan): Promise<number> {
  const batch = toBatch(deps, plan);
  const response = await deps.fetch(`${deps.endpoint}/api/v1/events/batch`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      Authorization: `Bearer ${deps.apiKey}`,
      'User-Agent': plan.userAgent,
      'X-Forwarded-For': plan.ip,
    },
    body: JSON.stringify(batch),
    signal: AbortSignal.timeout(requestTimeoutMs),
  });
  await response.arrayBuffer();
  return response.status === 202 ? batch.events.length : 0;
}

function toBatch({ clock, newId, random }: VisitorsDeps, plan: VisitPlan): WireBatch {
  const now = clock();
  const steps = plan.steps.map((step, index) => {
    const at = now - (plan.steps.length - 1 - index) * stepMs - Math.floor(random() * stepMs);
    return toEvent(plan, step, { index, id: newId(), at });
  });
  const last = plan.steps.at(-1);
  const isBuyer = plan.steps.some((step) => step.event === 'product_added') && random() < 1 / 3;
  const known = isBuyer && last !== undefined ? [toIdentify(plan, last, { id: newId(), at: now })] : [];
  const [width, height, density] = plan.screen;
  return {
    sent_at: new Date(now).toISOString(),
    anonymous_id: newId(),
    context: {
      locale: plan.locale,
      timezone: plan.timezone,
      screen: { width, height, density },
      viewport: { width, height: Math.round(height * 0.85) },
      library: { name: 'sample-visitors', version: '1.0.0' },
    },
    events: [...steps, ...known],
  };
}

interface Moment {
  readonly id: string;
  /** Epoch ms. */
  readonly at: number;
}

function toEvent(plan: VisitPlan, step: VisitStep, { index, id, at }: Moment & { index: number }): WireEvent {
  const search = index === 0 ? plan.search : '';
  const referrer = index === 0 ? plan.referrer : `${shopOrigin}${plan.steps[index - 1]?.path ?? ''}`;
  return {
    event: step.event,
    event_id: id,
    timestamp: new Date(at).toISOString(),
    properties: { ...step.properties },
    context: {
      page: { url: `${shopOrigin}${step.path}${search}`, path: step.path, search, title: step.title, referrer },
      ...toArrival(search),
    },
  };
}

/** What the SDK reads from a landing page's address. */
function toArrival(search: string): Pick<EventContext, 'campaign' | 'click_ids'> {
  const query = new URLSearchParams(search);
  const named = (prefix: string) => [...query].filter(([key]) => key.startsWith(prefix));
  const campaign = named('utm_').map(([key, value]) => [key === 'utm_campaign' ? 'name' : key.slice(4), value]);
  const clickIds = named('gclid');
  return {
    ...(campaign.length > 0 && { campaign: Object.fromEntries(campaign) }),
    ...(clickIds.length > 0 && { click_ids: Object.fromEntries(clickIds) }),
  };
}

function toIdentify(plan: VisitPlan, step: VisitStep, moment: Moment): WireEvent {
  const userId = `buyer-${moment.id.slice(-5)}`;
  return {
    ...toEvent(plan, step, { ...moment, index: plan.steps.length }),
    event: 'identify',
    user_id: userId,
    traits: { email: `${userId}@example.com`, locale: plan.locale },
  };
}

const shopOrigin = 'https://moss-and-kettle.example';

function shuffle<T>(items: readonly T[], random: () => number): T[] {
  return items
    .map((item) => ({ item, rank: random() }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ item }) => item);
}
