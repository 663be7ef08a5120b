import { setTimeout as pause } from 'node:timers/promises';
import type { KafkaAdmin, TopicStanding } from './kafka-client.ts';

/**
 * Looks every `everyMs` whether the topic has more partitions than it was known by, or is another one; then calls `onChange`, and waits
 * for it. Members of a group hear of neither by themselves. Gives how to end it; never throws.
 */
export function watchTopic(options: {
  readonly admin: Pick<KafkaAdmin, 'describeTopic'>;
  readonly known: Pick<TopicStanding, 'id' | 'partitions'>;
  readonly everyMs: number;
  readonly onChange: () => Promise<void>;
}): () => void {
  const { admin, known, everyMs, onChange } = options;
  const ending = new AbortController();

  async function watch(): Promise<void> {
    let { partitions } = known;
    while (!ending.signal.aborted) {
      await pause(everyMs, null, { signal: ending.signal, ref: false }).catch(() => undefined);
      // A broker that is away is asked again.
      const standing = await admin.describeTopic().catch(() => null);
      if (ending.signal.aborted || standing === null) continue;
      if (standing.id === known.id && standing.partitions <= partitions) continue;
      partitions = standing.partitions;
      await onChange();
    }
  }
  void watch();
  return () => ending.abort();
}
