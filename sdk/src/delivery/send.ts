import { after } from '../diagnostics.ts';
import { agrees } from '../person/consent.ts';
import { settings } from '../settings.ts';
import { compress, toBody } from './body.ts';
import { forgive, isSilent, most, notBefore, post, restUntil } from './post.ts';
import { take, weigh } from './queue.ts';

const defaultBytes = 48_000;
let turn: Promise<void> | undefined;
let timer = 0;

/** Sets the time of the next request: at once when a limit is met, else when the oldest event has waited long enough. */
export function plan(): void {
  const { maxEvents = 20, maxBytes = defaultBytes, maxWaitMs = 5_000 } = settings.flush ?? {};
  const entries = turn || isSilent || !agrees('analytics') ? [] : take(maxEvents, 1 / 0);
  const isDue = entries.length >= maxEvents || weigh(entries) >= maxBytes;
  if (!entries[0] || (timer && !isDue)) return;
  clearTimeout(timer);
  timer = after(Math.max(restUntil - performance.now(), isDue ? 0 : maxWaitMs), send);
}

/** Sends what waits, one request at a time. Resolves when it was answered for or put off; never rejects. */
export function send(): Promise<void> {
  clearTimeout(timer);
  timer = 0;
  turn ??= work().then(() => {
    turn = undefined;
    plan();
  });
  return turn;
}

async function work(): Promise<void> {
  for (let isOn = true; isOn; ) {
    const entries = isSilent || !agrees('analytics') ? [] : take(most, settings.flush?.maxBytes ?? defaultBytes);
    if (!entries[0]) return;
    const body = await compress(toBody(entries));
    // While gzip was at work, the page may have been hidden and these sent, or the bounds may have dropped one.
    isOn = entries.some((entry) => entry.stage) || (await post(body, entries));
  }
}

/** Sends what waits now, though this page had given up; not before the time that the collector asked for. Never rejects. */
export async function flush(): Promise<void> {
  await turn;
  if (performance.now() < notBefore) return;
  forgive();
  await send();
}

/** Gives up what is under way: some browsers leave a request pending for ever over a stay in the back/forward cache. */
export function abandon(): void {
  turn = undefined;
}
