import type { EventLog, LogEntry, LogReader } from '../../src/event-log.ts';
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
    read: (partition, from, limits) => readToLimits(reader, partition, from, limits),
    async close() {
      await writer.close();
      await group.leave();
    },
  };
}

/** Reads until a limit or the end is reached: one read of a group gives what has been fetched by then. */
async function readToLimits(
  reader: LogReader,
  partition: number,
  from: number,
  { maxRecords, maxBytes }: { maxRecords: number; maxBytes: number },
): Promise<readonly LogEntry[]> {
  const entries = [...(await reader.read(partition, from, { maxRecords, maxBytes }))];
  for (;;) {
    const last = entries.at(-1);
    const left = maxBytes - entries.reduce((sum, { payload }) => sum + (payload?.length ?? 0), 0);
    if (last === undefined || entries.length >= maxRecords || left <= 0) return entries;
    const limits = { maxRecords: maxRecords - entries.length, maxBytes: left };
    const more = await reader.read(partition, last.position + 1, limits);
    // A read gives one at least, also over the limit.
    const isWithin = (more[0]?.payload?.length ?? 0) <= left;
    if (more.length === 0 || !isWithin) return entries;
    entries.push(...more);
  }
}
