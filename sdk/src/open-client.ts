import { eventLimits } from '@px-platform/schemas/limits';
import { createBuffer } from './buffer.ts';
import { captureClicks } from './capture/clicks.ts';
import { capturePageViews, type PageViewCapture } from './capture/page-views.ts';
import { type Client, createClient } from './client.ts';
import type { OpenClient } from './create-px.ts';
import { toCampaignKey } from './event/campaign.ts';
import { readContext, readPage } from './event/context.ts';
import { createUuidV7 } from './event/uuid-v7.ts';
import { handOver } from './hand-over.ts';
import { watchLifecycle } from './page/lifecycle.ts';
import { persisting } from './persisting.ts';
import { createCookie } from './person/cookie.ts';
import { createIdentity } from './person/identity.ts';
import { createSession } from './person/session.ts';
import { openStorage } from './person/storage.ts';
import type { After } from './ports.ts';
import { createEventQueue } from './queue/event-queue.ts';
import { createOwnership } from './queue/ownership.ts';
import { recoverQueues } from './queue/recover-queues.ts';
import { retrying } from './retrying.ts';
import { splitting } from './splitting.ts';
import { createBeacon } from './transport-beacon.ts';
import { createFetchTransport } from './transport-fetch.ts';

/** What the browser keeps for us at most. An event stays below the server's limit, which counts the batch's share in. */
const queueLimits = { maxEvents: 1_000, maxBytes: 256_000, maxEventBytes: eventLimits.maxEventBytes - 8_000 };
const maxAgeMs = 7 * 24 * 60 * 60_000;

/** Opens the client on the browser's window: the only place that touches its globals, and where the parts meet. */
export const openClient: OpenClient = (settings, { clock, counts }) => {
  const { count, guard } = counts;
  const after: After = (ms, run) => {
    const timer = setTimeout(guard(run), ms);
    return () => clearTimeout(timer);
  };
  const random = () => Math.random();
  const newId = createUuidV7(clock, fillRandom);
  const keyPrefix = `px_${settings.projectId.replace(/[^\w-]/g, '_')}_`;
  const url = `${settings.endpoint ?? location.origin}/api/v1/events/batch?api_key=${encodeURIComponent(settings.apiKey)}`;

  const storage = openStorage(() => window.localStorage);
  const cookie = createCookie(`${keyPrefix}anonymous_id`, document, location.protocol === 'https:');
  const identity = createIdentity({ storage, cookie, keyPrefix, newId });
  const context = readContext(window);
  const session = createSession({ storage, keyPrefix, clock, newId, campaign: toCampaignKey(context) });

  const queuesPrefix = `${keyPrefix}queue_`;
  const queueId = newId();
  const queue = createEventQueue({
    storage,
    keyPrefix: `${queuesPrefix}${queueId}.`,
    clock,
    count,
    limits: queueLimits,
  });
  const ownership = createOwnership(navigator.locks, queuesPrefix);

  const fetching = createFetchTransport({ fetch: (...args) => window.fetch(...args), url, clock, after, count });
  const transport = splitting(retrying(persisting(fetching, queue, count), { after, random, count }));
  const buffer = createBuffer({ queue, transport, after, limits: settings.limits });
  const beacon = createBeacon({ sendBeacon: navigator.sendBeacon?.bind(navigator), url, clock });

  let referrer = document.referrer;
  const client: Client = createClient({
    clock,
    newId,
    identity,
    session,
    context,
    readPage: () => readPage(window, referrer),
    buffer,
    count,
  });

  const recover = () => {
    const adopt: Parameters<typeof recoverQueues>[0]['adopt'] = (items) => {
      queue.adopt(items);
      buffer.check();
    };
    recoverQueues({ storage, keyPrefix: queuesPrefix, ownQueueId: queueId, ownership, clock, count, maxAgeMs, adopt });
  };
  const reclaim = () => {
    queue.reclaim();
    buffer.check();
    recover();
  };
  ownership.hold(queueId);
  guard(recover)();

  let pageViews: PageViewCapture | null = null;
  if (settings.capturesPageViews) {
    pageViews = capturePageViews({
      source: window,
      clock,
      after,
      onView: guard(({ at, previousUrl }) => {
        referrer = previousUrl ?? referrer;
        client.trackAt(at, 'page_view');
      }),
    });
  }
  if (settings.capturesClicks) {
    captureClicks({ source: document, guard, onClick: (properties) => client.track('click', properties) });
  }
  watchLifecycle(window, guard, {
    hidden: () => handOver(queue, beacon),
    gone: () => {
      pageViews?.settle();
      handOver(queue, beacon);
      // A page in the back/forward cache may never come back: the next page takes over.
      ownership.letGo();
    },
    restored: () => {
      ownership.hold(queueId);
      queue.reload();
      reclaim();
      pageViews?.restored();
    },
    visible: reclaim,
    online: () => void buffer.flush(),
  });
  return client;
};

function fillRandom(bytes: Uint8Array<ArrayBuffer>): void {
  if (typeof crypto !== 'undefined') crypto.getRandomValues(bytes);
  else for (let index = 0; index < bytes.length; index += 1) bytes[index] = Math.random() * 256;
}
