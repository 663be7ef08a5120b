import type { EventLog, LogReader } from '../../src/event-log.ts';
import type { KafkaClientName } from '../../src/kafka/create-kafka-client.ts';
import type { LogSettings } from '../describe-log-conformance.ts';
import { openTestTopic } from './open-test-topic.ts';

/** Opens both sides of a topic named for the place: a writer, and a group of one member with all partitions. */
export async function openKafkaForConformance(
  name: KafkaClientName,
  bootstrap: string,
  { place, partitions, maxBytes, clock }: LogSettings,
): Promise<EventLog & LogReader> {
  const opened = await openTestTopic({ name, bootstrap, topic: `${name}.${place}`, plan: { partitions } });
  const writer = await opened.openWriter({ maxBytes, clock });
  const group = opened.createMember();
  const given = Promise.withResolvers<LogReader>();
  await group.join({ assigned: given.resolve, revoked: async () => undefined, failed: given.reject });
  const reader = await given.promise;
  return {
    ...writer,
    ...reader,
    async close() {
      await writer.close();
      await group.leave();
    },
  };
}
