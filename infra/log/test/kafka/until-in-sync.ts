import { setTimeout as pause } from 'node:timers/promises';
import { asAdmin } from './as-admin.ts';
import type { KafkaCluster } from './start-kafka.ts';

const timeoutMs = 120_000;

/** Waits until each partition of each topic is in sync on all its brokers; throws where that takes longer than two minutes. */
export async function untilInSync({ bootstrap }: Pick<KafkaCluster, 'bootstrap'>): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  for (let behind = 'nobody answered'; ; ) {
    try {
      const { topics } = await asAdmin(bootstrap, (admin) => admin.fetchTopicMetadata());
      const late = topics.flatMap(({ name, partitions }) =>
        partitions
          .filter(({ isr, replicas }) => isr.length < replicas.length)
          .map(({ partitionId }) => `${name} ${partitionId}`),
      );
      if (late.length === 0) return;
      behind = late.join(', ');
    } catch (thrown) {
      behind = String(thrown);
    }
    if (Date.now() > deadline) throw new Error(`The brokers are not in sync after ${timeoutMs} ms: ${behind}`);
    await pause(200);
  }
}
