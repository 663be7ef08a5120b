import { clockLimits } from '@px-platform/schemas/limits';
import { attempt } from '../attempt.ts';
import { now } from '../clock.ts';
import { get, names, set, toKey } from '../person/store.ts';
import { renewQuota } from './post.ts';
import { adopt, beginQueue, clear, entries, lose, queueName } from './queue.ts';
import { abandon, plan } from './send.ts';

/** Lets go of all queues that this page owns. */
export let letGo = (): void => {};
let life: Promise<void> | undefined;

/**
 * Owns this page's queue, and takes over those in the store that no page owns: what an earlier page could not deliver. A
 * page owns a queue by a Web Lock, until it lets go or dies, however it dies. Where locks are missing or denied (insecure
 * origins, sandboxed frames) nobody owns anything: events may then be sent twice, and the server keeps one. What a newer
 * version may have left under other names stays. Never throws.
 */
export function recover(): void {
  life ??= new Promise((resolve) => {
    letGo = () => {
      life = undefined;
      resolve();
    };
  });
  const { locks } = navigator;
  for (const queue of new Set([queueName, ...names().map((name) => name.split('.')[0] ?? '')])) {
    if (!/^queue_/.test(queue)) continue;
    const hold = (lock: Lock | null) => {
      if (!lock) return undefined;
      takeOver(queue);
      return life;
    };
    if (locks) locks.request(toKey(queue), { ifAvailable: true }, hold).catch(() => takeOver(queue));
    else takeOver(queue);
  }
  plan();
}

/**
 * Goes on with a page that let go and is still there, or again: its queue is taken over like any other, unless another page
 * has it by now, and what was under way is given up, since no answer may be heard of it.
 */
export function resume(): void {
  beginQueue();
  renewQuota();
  abandon();
  recover();
}

/** Takes a dead queue's events over; drops and counts what is over 7 days old or can't be read. */
function takeOver(queue: string): void {
  if (queue === queueName) return;
  const before = entries.length;
  let shared = '';
  let pageJson: string | undefined;
  for (const place of names().sort()) {
    if (!place.startsWith(queue)) continue;
    const lines = get(place).split('\n');
    const [first, second] = lines;
    const isShared = second !== undefined && parse(first)?.context;
    // What events share stands on two lines, events on one each.
    if (isShared) [shared, pageJson] = [`${first}`, second];
    else {
      const kept = lines.filter((line) => {
        const { event_id: id, timestamp } = parse(line) ?? {};
        const isOld = now() - Date.parse(`${timestamp}`) > clockLimits.maxAgeMs;
        if (pageJson && id && !isOld) return adopt(place, line, shared, pageJson);
        lose(isOld ? 'queue_expired' : 'queue_unreadable');
        return false;
      });
      set(place, kept.join('\n'));
    }
  }
  if (entries.length === before) clear(queue);
  entries.sort((one, other) => (one.keptAs < other.keptAs ? -1 : 1));
  plan();
}

/** Gives what is looked for in a text of ours; undefined where it was cut or written over. */
function parse(text = ''): { event_id?: unknown; timestamp?: unknown; context?: unknown } | undefined {
  return attempt(() => JSON.parse(text)) ?? undefined;
}
