import { clockLimits } from '@px-platform/schemas/limits';
import { attempt } from '../attempt.ts';
import { now } from '../clock.ts';
import { get, names, set, toKey, writeStore } from '../person/store.ts';
import { renewQuota } from './post.ts';
import { adopt, beginQueue, clear, entries, lose, queueName } from './queue.ts';
import { abandon, plan } from './send.ts';

/** Lets go of all queues that this page owns. */
export let letGo = (): void => {};

/**
 * Begins a queue for this page, and takes over those in the store that no page owns: what an earlier page could not
 * deliver, and this page's own of before a stay in the back/forward cache, unless another has it by now. A page owns a
 * queue by a Web Lock, until it lets go or dies, however it dies. Without locks (insecure origins, sandboxed frames) nobody
 * owns anything: events may then be sent twice, and the server keeps one. What a newer version may have left under other
 * names stays. Never throws.
 */
export function resume(): void {
  // What can be written is left to who takes it over.
  if (entries[0]) writeStore();
  letGo();
  const life = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  beginQueue();
  abandon();
  renewQuota();
  const { locks } = navigator;
  for (const queue of new Set([queueName, ...names().map((name) => /^queue_.*(?=\.\d+$)/.exec(name)?.[0])])) {
    if (!queue) continue;
    if (locks) {
      const hold = (lock: Lock | null) => {
        if (!lock) return undefined;
        takeOver(queue);
        return life;
      };
      attempt(() => locks.request(toKey(queue), { ifAvailable: true }, hold).catch(() => {}));
    } else takeOver(queue);
  }
  plan();
}

/** Takes a dead queue's events over; drops and counts what is over 7 days old or can't be read. */
function takeOver(queue: string): void {
  if (queue === queueName) return;
  const before = entries.length;
  let shared = '';
  let pageJson: string | undefined;
  for (const place of names().sort()) {
    if (!place.startsWith(queue)) continue;
    const text = get(place);
    // What events share stands on two lines.
    const [first = '', second] = text.split('\n');
    const read: { event_id?: unknown; timestamp?: unknown; context?: unknown } | null | undefined = attempt(() =>
      JSON.parse(first),
    );
    const isOld = now() - Date.parse(`${read?.timestamp}`) > clockLimits.maxAgeMs;
    if (read?.context && second) [shared, pageJson] = [first, second];
    else if (pageJson && read?.event_id && !isOld) adopt(place, text, shared, pageJson);
    else {
      lose(isOld ? 'queue_expired' : 'queue_unreadable');
      set(place, '');
    }
  }
  if (entries.length === before) clear(queue);
  entries.sort((one, other) => (one.keptAs < other.keptAs ? -1 : 1));
  plan();
}
