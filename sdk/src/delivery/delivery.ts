import { keyLimits } from '@px-platform/schemas/limits';
import { attempt } from '../attempt.ts';
import type { Store } from '../person/store.ts';
import type { Count, Ground } from '../ports.ts';
import type { FlushOptions } from '../px.ts';
import { type Body, type Gzip, gzipNatively, toBody } from './body.ts';
import { own } from './ownership.ts';
import { maxQuotaBytes, post } from './post.ts';
import { createQueue, type Entry, state } from './queue.ts';
import { recoverQueues } from './recover.ts';

/** Below this, gzip saves less than it costs. */
const gzipFromBytes = 1_000;
/** While the page goes, plain text up to here is quicker than gzip on a cold main thread (docs/adr/0009). */
const gzipAtExitFromBytes = 16_000;
/** A gzipped exit body may hold this much JSON; the server inflates up to 2 MiB. */
const maxExitJsonBytes = 500_000;
const maxBatchEvents = keyLimits.pub.maxEventsPerBatch;
const baseMs = 1_000;
const capMs = 60_000;
/** A blocker never answers, and a console full of errors helps nobody: so many tries, then silence. */
const maxUnreachable = 3;

/** The way from the queue to the collector. Never throws. */
export interface Delivery {
  readonly add: (text: string, shared: string, page: string) => Entry | undefined;
  readonly remove: (entries: readonly Entry[]) => void;
  /** Forgets all that waits. */
  readonly clear: () => void;
  /** Sends what waits now. Resolves when it was answered for or put off; never rejects. */
  readonly flush: () => Promise<void>;
  /** Begins, or begins again after consent or a return from the back/forward cache, and takes over what earlier pages left. */
  readonly resume: () => void;
  /** Sends all that waits before this returns, as far as the quota goes: the page may never run again. */
  readonly hidden: () => void;
  /** What beacons took was not answered for, and waits again. */
  readonly visible: () => void;
  /** Hands all that waits to the beacon: no answer will be heard, so it stays in the queue for the next page. */
  readonly gone: () => void;
}

/**
 * Opens the delivery of one page: batches at the limits, one request at a time, tried again after an exponential wait
 * with full jitter ("Exponential Backoff And Jitter", AWS Architecture Blog, 2015) and never before Retry-After.
 */
export function openDelivery(
  ground: Ground,
  options: {
    readonly apiKey: string;
    readonly url: string;
    readonly flush: FlushOptions;
    readonly store: Store;
    readonly keyPrefix: string;
    readonly isAllowed: () => boolean;
    /** The queue was empty. */
    readonly onFirst: () => void;
    /** The collector took a batch, and so many events were lost before. */
    readonly onLost: (events: number) => void;
    readonly warn: (message: string) => void;
  },
): Delivery {
  const { after, count, now } = ground;
  const { store, apiKey, url, isAllowed } = options;
  const { maxEvents = 20, maxBytes = 48_000, maxWaitMs = 5_000 } = options.flush;
  const fetch = window.fetch.bind(window);
  const ownName = `queue_${ground.newId()}`;
  const quota = { bytes: 0 };
  let gzip: Gzip | undefined;
  let turn: Promise<void> | undefined;
  let timer = 0;
  let isTimed = false;
  let hasFailed = false;
  let isStopped = false;
  let failures = 0;
  let unreachable = 0;
  let notBefore = 0;
  let most = maxBatchEvents;
  let handed: Entry[] = [];
  let handedBytes = 0;
  let letGo = () => {};

  const lose: Count = (reason) => {
    count(reason);
    store.set('lost', `${Number(store.get('lost')) + 1}`);
  };
  const queue = createQueue(store, ownName, lose);
  const mark = (entries: readonly Entry[], next: 0 | 1) => {
    for (const entry of entries) if (entry.state !== state.gone) entry.state = next;
  };
  /** Posts events that this call alone has; they are forgotten, or wait again, by the answer. */
  const postEntries = async (body: Body, entries: readonly Entry[]) => {
    mark(entries, state.flying);
    const ending = await post(ground, () => ({ fetch, url, quota }), body, entries.length);
    if (ending.verdict === 'done') queue.remove(entries);
    else mark(entries, state.waiting);
    return ending;
  };
  const compress = async (plain: Body) =>
    plain.length < gzipFromBytes ? plain : ((await gzipNatively(plain)) ?? gzip?.(plain) ?? plain);
  const arm = (ms: number) => {
    if (isTimed) return;
    isTimed = true;
    timer = after(ms, start);
  };
  const sendWaiting = async () => {
    // Lets the task at hand end: what it tracks goes in the same batches.
    await null;
    for (;;) {
      const entries = isAllowed() && !isStopped ? queue.take(most, maxBytes) : [];
      if (!entries[0]) return;
      const body = await compress(toBody(apiKey, now(), entries));
      // While gzip was at work, the page may have been hidden and these sent, or the bounds may have dropped one.
      if (entries.some((entry) => entry.state)) continue;
      const { verdict, status, afterMs } = await postEntries(body, entries);
      most = verdict === 'split' ? entries.length >> 1 : maxBatchEvents;
      if (verdict === 'done') {
        failures = unreachable = 0;
        const lost = Number(store.get('lost'));
        store.set('lost', '');
        if (lost) options.onLost(lost);
      }
      if (verdict === 'stop') {
        isStopped = true;
        options.warn(`PX: the collector refuses this key (${status}); nothing more is sent from this page.`);
      }
      if (verdict !== 'retry') continue;
      hasFailed = true;
      notBefore = now() + afterMs;
      if (status || ++unreachable < maxUnreachable) {
        count('retried');
        arm(afterMs + Math.random() * Math.min(capMs, baseMs * 2 ** failures++));
      }
      return;
    }
  };
  const start = (): Promise<void> => {
    clearTimeout(timer);
    isTimed = hasFailed = false;
    turn ??= sendWaiting().then(() => {
      turn = undefined;
      check();
    });
    return turn;
  };
  const check = () => {
    if (turn || hasFailed || isStopped || !isAllowed()) return;
    const entries = queue.take(maxEvents, Number.POSITIVE_INFINITY);
    const bytes = entries.reduce((sum, entry) => sum + entry.bytes, 0);
    if (entries.length >= maxEvents || bytes >= maxBytes) start();
    else if (entries[0]) arm(maxWaitMs);
  };
  /** Gives all that waits to `take`, in bodies within the quota; a body that `take` refuses is tried in halves. */
  const pour = (take: (body: Body, entries: readonly Entry[]) => boolean) => {
    for (let size = maxBatchEvents; size && isAllowed(); ) {
      const left = maxQuotaBytes - quota.bytes;
      const entries = queue.take(size, gzip ? maxExitJsonBytes : left);
      if (!entries[0] || left < 0) return;
      let body = toBody(apiKey, now(), entries);
      if (gzip && body.length > gzipAtExitFromBytes) body = gzip(body);
      size = body.length <= left && take(body, entries) ? maxBatchEvents : entries.length >> 1;
    }
  };
  const visible = () => {
    quota.bytes -= handedBytes;
    handedBytes = 0;
    mark(handed, state.waiting);
    handed = [];
    check();
  };
  const load = () =>
    import('../entries/gzip.ts').then(
      (file) => {
        gzip = file.gzip;
      },
      () => count('gzip_missing'),
    );
  if (typeof requestIdleCallback === 'function') requestIdleCallback(load);
  else after(2_000, load);
  return {
    add: (text, shared, page) => {
      if (!queue.all()[0]) options.onFirst();
      const entry = queue.add(text, shared, page);
      check();
      return entry;
    },
    remove: queue.remove,
    clear: () => queue.remove(queue.all()),
    flush: async () => {
      await turn;
      if (now() < notBefore) return;
      failures = unreachable = 0;
      await start();
    },
    resume: () => {
      letGo();
      own(
        options.keyPrefix + ownName,
        false,
        () =>
          new Promise((resolve) => {
            letGo = resolve;
          }),
      );
      // What another page took out of the store meanwhile is no longer ours.
      queue.remove(queue.all().filter(({ name }) => !store.get(name)));
      visible();
      recoverQueues({ store, queue, ownName, lockPrefix: options.keyPrefix, now, lose, onDone: check });
    },
    hidden: () =>
      pour((body, entries) => {
        void postEntries(body, entries);
        return true;
      }),
    visible,
    gone: () => {
      pour((body, entries) => {
        const isTaken = attempt(() =>
          navigator.sendBeacon(url, new Blob([body], { type: 'text/plain;charset=UTF-8' })),
        );
        if (!isTaken) return false;
        mark(entries, state.flying);
        handed.push(...entries);
        quota.bytes += body.length;
        handedBytes += body.length;
        return true;
      });
      // A page in the back/forward cache may never come back: the next page takes over.
      letGo();
    },
  };
}
