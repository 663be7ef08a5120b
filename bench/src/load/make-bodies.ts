import { gzipSync } from 'node:zlib';
import { createIds } from './uuid-v7.ts';
import { makeVisitors, pick, type Visitor } from './visitors.ts';

/** What to make: `requests` bodies of `eventsPerRequest` events. */
export interface BodyPlan {
  readonly requests: number;
  readonly eventsPerRequest: number;
  readonly isGzip: boolean;
  /** Our own batch, or that of Segment's clients. */
  readonly form: 'own' | 'segment';
}

/** One request's body, with the headers that go with it. */
export interface Body {
  readonly bytes: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

const visitorCount = 20_000;
const paths = ['/', '/teas', '/teas/first-light', '/teas/moss-path', '/teas/night-garden', '/about', '/cart'];
/** What the events are called. */
export const eventNames = ['page_view', 'click', 'product_viewed', 'product_added', 'list_filtered'];
const skus = ['first-light', 'moss-path', 'night-garden', 'harbour-fog', 'ember-road'];

/**
 * Makes bodies as the SDK sends them: one visitor a request, ids never twice, instants of now, 350 to 450 bytes
 * of JSON an event. A single event carries its visitor itself; a batch carries it once.
 */
export function makeBodies(plan: BodyPlan): Body[] {
  const newId = createIds();
  const at = Date.now();
  const visitors = makeVisitors(visitorCount, newId, at);
  return Array.from({ length: plan.requests }, (_, index) => {
    // A step that shares no factor with the count visits them all, far from their order.
    const visitor = pick(visitors, index * 7_919);
    const json = toJson(visitor, index);
    return {
      bytes: plan.isGzip ? gzipSync(json) : Buffer.from(json),
      headers: {
        'Content-Type': 'application/json',
        'User-Agent': visitor.userAgent,
        'X-Forwarded-For': visitor.ip,
        ...(plan.isGzip ? { 'Content-Encoding': 'gzip' } : {}),
      },
    };
  });

  function toJson(visitor: Visitor, index: number): string {
    if (plan.form === 'segment') return toSegmentBatch(visitor, index, at, newId);
    return plan.eventsPerRequest === 1 ? toSingle(visitor, index, at, newId) : toBatch(visitor, index, at, newId);
  }

  function toSegmentBatch(visitor: Visitor, index: number, sentAt: number, id: (at: number) => string): string {
    const batch = Array.from({ length: plan.eventsPerRequest }, (_, place) => {
      const { event, event_id, timestamp, properties, context } = toEvent(
        index * plan.eventsPerRequest + place,
        sentAt - (plan.eventsPerRequest - place),
        id,
      );
      const library = { name: 'analytics-node', version: '2.3.0' };
      const call = { type: 'track', event, messageId: event_id, timestamp, properties };
      return {
        ...call,
        anonymousId: visitor.anonymousId,
        context: { ...toObject(context), library },
        integrations: {},
      };
    });
    return JSON.stringify({ batch, sentAt: new Date(sentAt).toISOString() });
  }

  function toBatch(visitor: Visitor, index: number, sentAt: number, id: (at: number) => string): string {
    const events = Array.from({ length: plan.eventsPerRequest }, (_, place) =>
      toEvent(index * plan.eventsPerRequest + place, sentAt - (plan.eventsPerRequest - place), id),
    );
    const { anonymousId, sessionId, context } = visitor;
    return JSON.stringify({
      events,
      sent_at: new Date(sentAt).toISOString(),
      anonymous_id: anonymousId,
      session_id: sessionId,
      context,
    });
  }
}

function toSingle(visitor: Visitor, index: number, at: number, newId: (at: number) => string): string {
  const path = pick(paths, index);
  return JSON.stringify({
    event: pick(eventNames, index),
    event_id: newId(at),
    timestamp: new Date(at).toISOString(),
    anonymous_id: visitor.anonymousId,
    session_id: visitor.sessionId,
    properties: { sku: pick(skus, index), position: index % 12 },
    context: { ...visitor.context, page: { url: `https://shop.example${path}`, path } },
  });
}

function toEvent(index: number, at: number, newId: (at: number) => string): Record<string, unknown> {
  const path = pick(paths, index);
  const search = index % 5 === 0 ? '?utm_source=newsletter&utm_medium=email' : '';
  return {
    event: pick(eventNames, index),
    event_id: newId(at),
    timestamp: new Date(at).toISOString(),
    properties: { sku: pick(skus, index), position: index % 12, list: 'seasonal', price: 12.5, currency: 'EUR' },
    context: {
      page: {
        url: `https://shop.example${path}${search}`,
        path,
        search,
        title: 'Teas of the season - The small tea shop',
        referrer: 'https://www.google.com/',
      },
    },
  };
}

function toObject(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {};
}
