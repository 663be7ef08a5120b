import { after } from '../diagnostics.ts';
import { agrees } from '../person/consent.ts';
import { settings } from '../settings.ts';
import { compress, toBody } from './body.ts';
import { forgive, isSilent, maxBatchEvents, most, notBefore, post, restUntil } from './post.ts';
import { type Entry, take, weigh } from './queue.ts';

const defaultBytes = 48_000;
let turn: Promise<void> | undefined;
let timer = 0;
/** When the timer comes, by `performance.now`; never, while none is set. */
let dueAt = 1 / 0;

/** Gives what may go now: the oldest that wait, within the limits. */
function takeAllowed(mostEvents: number, mostBytes: number): Entry[] {
  return isSilent || !agrees('analytics') ? [] : take(mostEvents, mostBytes);
}

/** Says how long what waits may go on waiting, in ms: 0 where a limit is met; for ever where nothing waits. */
function toWait(): number {
  const { maxEvents = 20, maxBytes = defaultBytes, maxWaitMs = 5_000 } = settings.flush ?? {};
  const entries = takeAllowed(maxEvents, 1 / 0);
  if (!entries[0]) return 1 / 0;
  return entries.length >= maxEvents || weigh(entries) >= maxBytes ? 0 : maxWaitMs;
}

/** Sets the time of the next request: at once when a limit is met, else when the oldest event has waited long enough. */
export function plan(): void {
  const at = Math.max(restUntil, performance.now() + toWait());
  if (turn || at >= dueAt) return;
  clearTimeout(timer);
  dueAt = at;
  timer = after(at - performance.now(), send);
}

/** Sends what waits, one request at a time; the last few wait for more, unless `isAll`. Resolves when it was answered for or put off; never rejects. */
export function send(isAll = false): Promise<void> {
  clearTimeout(timer);
  dueAt = 1 / 0;
  turn ??= work(isAll).then(() => {
    turn = undefined;
    plan();
  });
  return turn;
}

async function work(isAll: boolean): Promise<void> {
  for (let isOn = true; isOn; isOn &&= isAll || most < maxBatchEvents || !toWait()) {
    const entries = takeAllowed(most, settings.flush?.maxBytes ?? defaultBytes);
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
  await send(true);
}

/** Gives up what is under way: some browsers leave a request pending for ever over a stay in the back/forward cache. */
export function abandon(): void {
  turn = undefined;
}
