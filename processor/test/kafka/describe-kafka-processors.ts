import { createKafkaGroup, type EventLog, type KafkaSettings } from '@px-platform/log';
import { type AcceptedEvent, auditTopic, deadLetterTopic, eventTopic } from '@px-platform/schemas';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asAdmin } from '../../../infra/log/test/kafka/as-admin.ts';
import { watchMember } from '../../../infra/log/test/kafka/watch-member.ts';
import {
  type KafkaPipeline,
  type KafkaProcessor,
  makeEvent,
  openKafkaPipeline,
  toAppendRecord,
} from './open-kafka-pipeline.ts';

const patience = { timeout: 60_000, interval: 200 };
const groupId = `px.${eventTopic}`;
const persons = Array.from({ length: 30 }, (_, number) => `person ${number}`);

/** What processors owe on a real broker and a real store, whatever is done to the topics: one test goes on where the one before ended. */
export function describeKafkaProcessors(client: KafkaSettings['client']): void {
  describe(`processors of Kafka by ${client}`, () => {
    let pipeline: KafkaPipeline;
    let writer: EventLog;
    let processors: KafkaProcessor[] = [];
    /** What was sent of each person, in order. */
    const sent = new Map<string, AcceptedEvent[]>();

    beforeAll(async () => {
      pipeline = await openKafkaPipeline(client);
      writer = await pipeline.openWriter(2);
      processors = [await pipeline.start(2), await pipeline.start(2)];
    });
    afterAll(async () => {
      await writer.close();
      await pipeline.close();
    });

    async function sendRound(): Promise<void> {
      for (const person of persons) {
        const event = makeEvent(person);
        sent.set(person, [...(sent.get(person) ?? []), event]);
        await writer.append([toAppendRecord(person, [event])]);
      }
    }
    const resendAll = () => writer.append([...sent].map(([person, events]) => toAppendRecord(person, events)));
    const stopAll = async () => {
      await Promise.all(processors.splice(0).map((one) => one.stop()));
    };
    const administer = (work: Parameters<typeof asAdmin<unknown>>[1]) => asAdmin(pipeline.cluster.bootstrap, work);
    const untilDrained = () => expect.poll(async () => (await writer.status()).depth, patience).toBe(0);

    /** Each event once, each person's in the order of its sending, and in one session. */
    async function expectAllOnce(): Promise<void> {
      const rows = await pipeline.rows();
      const stored = new Map<string, unknown[]>(persons.map((person) => [person, []]));
      for (const { anonymous_id, event_id } of rows) stored.get(String(anonymous_id))?.push(event_id);
      const expected = [...sent].map(([person, events]) => [person, events.map(({ event_id }) => event_id)]);
      expect([...stored]).toEqual(expected);
      const sessions = new Map(rows.map(({ anonymous_id, session_id }) => [`${anonymous_id} ${session_id}`, 1]));
      expect(sessions.size).toBe(persons.length);
    }

    it('publish dead letters beside the store, also where their topic was deleted meanwhile', async () => {
      const readLetters = async () => {
        const group = await createKafkaGroup(pipeline.settings(2), { topic: deadLetterTopic, onLost: () => undefined });
        const member = watchMember();
        await group.join(member);
        await expect.poll(() => member.partitions(), patience).toEqual([0, 1]);
        const entries = await Promise.all(
          [0, 1].map((partition) => member.reader().read(partition, 0, { maxRecords: 100, maxBytes: 1e6 })),
        );
        await group.leave();
        return entries.flat().map(({ payload }) => JSON.parse(Buffer.from(payload ?? []).toString()));
      };
      await writer.append([{ key: 'k', payload: Buffer.from('no record') }]);
      await untilDrained();
      const [letter] = await pipeline.letters();
      const { payload, ...place } = letter ?? expect.unreachable('There is no letter in the store.');
      expect(await readLetters()).toMatchObject([
        { v: 1, topic: eventTopic, ...place, payload, payload_bytes: 9, is_cut: false },
      ]);
      await administer((admin) => admin.deleteTopics({ topics: [deadLetterTopic] }));
      await writer.append([{ key: 'k', payload: Buffer.from('another') }]);
      await untilDrained();
      expect((await readLetters()).map(({ payload_bytes }) => payload_bytes)).toEqual([7]);
    });

    it('go on where partitions are added, and read those too once servers write to them', async () => {
      await sendRound();
      const topicPartitions = [eventTopic, auditTopic, deadLetterTopic].map((topic) => ({ topic, count: 4 }));
      await administer((admin) => admin.createPartitions({ topicPartitions }));
      await sendRound();
      await untilDrained();
      await expectAllOnce();
      // As operations.md says: servers end, nothing waits, processors begin anew, then servers.
      await writer.close();
      await stopAll();
      processors = [await pipeline.start(4), await pipeline.start(4)];
      writer = await pipeline.openWriter(4);
      await resendAll();
      await sendRound();
      await untilDrained();
      await expectAllOnce();
      const moved = new Set((await pipeline.rows()).slice(-persons.length).map(({ _partition }) => Number(_partition)));
      expect(moved).toEqual(new Set([0, 1, 2, 3]));
    });

    it('store nothing twice where offsets are set to the beginning by hand, which a group at work refuses', async () => {
      const setBack = () => administer((admin) => admin.resetOffsets({ groupId, topic: eventTopic, earliest: true }));
      await expect(setBack()).rejects.toThrow();
      await stopAll();
      await setBack();
      const before = await pipeline.rows();
      expect((await writer.status()).depth).toBeGreaterThan(before.length);
      processors = [await pipeline.start(4), await pipeline.start(4)];
      await sendRound();
      await untilDrained();
      expect(await pipeline.rows()).toHaveLength(before.length + persons.length);
      await expectAllOnce();
    });

    it('end where the topic is deleted, and take one that is made anew for another log', async () => {
      await administer((admin) => admin.deleteTopics({ topics: [eventTopic] }));
      for (const one of processors) await expect(one.ended).rejects.toMatchObject({ code: 'log_unavailable' });
      await stopAll();
      await writer.close();
      processors = [await pipeline.start(4), await pipeline.start(4)];
      writer = await pipeline.openWriter(4);
      await resendAll();
      await sendRound();
      await untilDrained();
      await expectAllOnce();
    });
  });
}
