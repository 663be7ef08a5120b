import type { Admin, ClusterMetadata, Consumer } from '@platformatic/kafka';
import { KafkaFailure } from '../kafka-failure.ts';

/**
 * Gives the cluster and the topic in it, as known or as it is now. Throws a `KafkaFailure`, `topic_missing` where there is no such
 * topic: the library says that by the error that it has for wrong calls.
 */
export async function findTopic(
  client: Admin | Consumer,
  topic: string,
  { isFresh }: { readonly isFresh: boolean },
): Promise<{
  readonly cluster: ClusterMetadata;
  readonly found: NonNullable<ReturnType<ClusterMetadata['topics']['get']>>;
}> {
  try {
    const cluster = await client.metadata({ topics: [topic], forceUpdate: isFresh, retries: 1 });
    const found = cluster.topics.get(topic);
    if (found !== undefined) return { cluster, found };
  } catch (thrown) {
    if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'PLT_KFK_USER')) throw thrown;
  }
  throw new KafkaFailure('topic_missing', `There is no topic ${topic}.`);
}
