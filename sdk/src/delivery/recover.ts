import { clockLimits } from '@px-platform/schemas/limits';
import { attempt } from '../attempt.ts';
import type { Store } from '../person/store.ts';
import type { Clock, Count } from '../ports.ts';
import { own } from './ownership.ts';
import type { Queue } from './queue.ts';

/**
 * Takes over, oldest first, the events of queues in the store that no page owns (names `queue_<id>.<serial>`): what an
 * earlier page could not deliver. `lose` hears of events older than 7 days and of what can't be read; what a newer
 * version may have left under other names stays. Never throws.
 */
export function recoverQueues(options: {
  store: Store;
  queue: Queue;
  /** Of this page's queue. */
  ownName: string;
  lockPrefix: string;
  now: Clock;
  lose: Count;
  onDone: () => void;
}): void {
  const { store, queue, lose } = options;
  const names = () => store.names().filter((name) => /^queue_.*\.\d+$/.test(name));
  for (const place of new Set(names().map((name) => name.replace(/\.\d+$/, '')))) {
    if (place === options.ownName) continue;
    own(options.lockPrefix + place, true, () => {
      const left = names().filter((name) => name.startsWith(`${place}.`));
      let [shared, page] = ['', ''];
      const adopt = () => {
        for (const name of left.sort()) {
          const lines = store.get(name).split('\n');
          const [first, second] = lines.map(parse);
          if (first?.context && second?.url) [shared = '', page = ''] = lines;
          else if (!first?.event_id || !shared) lose('queue_unreadable');
          else if (options.now() - Date.parse(`${first.timestamp}`) > clockLimits.maxAgeMs) lose('queue_expired');
          else queue.add(lines.join(), shared, page);
        }
      };
      queue.adopt(adopt);
      for (const name of left) store.set(name, '');
      options.onDone();
    });
  }
}

/** What is looked for in a text of ours; undefined where it was cut or written over. */
function parse(
  text: string,
): { event_id?: unknown; timestamp?: unknown; context?: unknown; url?: unknown } | undefined {
  return attempt(() => JSON.parse(text)) ?? undefined;
}
