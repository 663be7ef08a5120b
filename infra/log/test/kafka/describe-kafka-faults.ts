import { isAppError } from '@px-platform/runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LogEntry, LogPosition } from '../../src/event-log.ts';
import type { KafkaClientName } from '../../src/kafka/create-kafka-client.ts';
import { appendStubbornly, findLosses } from './append-stubbornly.ts';
import { openTestTopic, type TestTopic } from './open-test-topic.ts';
import { type KafkaCluster, startKafka } from './start-kafka.ts';
import { untilShared, watchMember } from './watch-member.ts';

const partitions = 6;
const callers = 20;
const patienceMs = 60_000;
/** Brokers take seconds to come back, each time. */
const testTimeoutMs = 240_000;

/** What Kafka owes while its brokers come and go. */
export function describeKafkaFaults(name: KafkaClientName): void {
  describe(`three brokers of Kafka by ${name}`, () => {
    let cluster: KafkaCluster;
    let topics = 0;

    beforeAll(async () => {
      cluster = await startKafka({ brokers: 3 });
    });
    afterAll(() => cluster.close());

    const openTopic = (): Promise<TestTopic> =>
      openTestTopic({
        name,
        bootstrap: cluster.bootstrap,
        topic: `faults.${topics++}`,
        plan: { partitions, replicationFactor: 3 },
      });

    it(
      'keep each acknowledged record at its place while one is killed and comes back',
      async () => {
        const topic = await openTopic();
        const log = await topic.openWriter({ timeoutMs: 5_000 });
        const appends = appendStubbornly(log, callers);
        await untilMore(appends.acknowledged, 200);
        await cluster.brokers[1]?.kill();
        await untilMore(appends.acknowledged, 200);
        await cluster.brokers[1]?.start();
        await expect.poll(() => topic.inSync(), { timeout: patienceMs }).toBe(3);
        await untilMore(appends.acknowledged, 200);
        await appends.stop();
        // Requests that wait for a leader, one after the other.
        expect(appends.slowestMs()).toBeLessThan(30_000);
        await log.close();
        expect(findLosses(appends.acknowledged, await readWhole(topic))).toEqual([]);
      },
      testTimeoutMs,
    );

    it(
      'are restarted one by one while a member reads, commits and misses nothing',
      async () => {
        const topic = await openTopic();
        const log = await topic.openWriter({ timeoutMs: 5_000 });
        const member = watchMember();
        const group = topic.createMember();
        await group.join(member);
        await untilShared([member], partitions);
        const appends = appendStubbornly(log, callers);
        const seen = new Map<string, LogEntry>();
        let isStopped = false;
        const isMissing = ({ partition, position }: LogPosition) => !seen.has(`${partition}:${position}`);
        const reading = readUntil(() => isStopped && ![...appends.acknowledged.values()].some(isMissing));
        for (const broker of cluster.brokers) {
          await untilMore(appends.acknowledged, 100);
          await broker.stop();
          await untilMore(appends.acknowledged, 100);
          await broker.start();
          await expect.poll(() => topic.inSync(), { timeout: patienceMs }).toBe(3);
        }
        await appends.stop();
        isStopped = true;
        await reading;
        expect(member.failures).toEqual([]);
        expect(findLosses(appends.acknowledged, [...seen.values()])).toEqual([]);
        expect((await log.status()).depth).toBe(0);
        await group.leave();
        await log.close();

        /** Reads and commits as a processor does, with whatever reader it has. */
        async function readUntil(isDone: () => boolean): Promise<void> {
          while (!isDone()) {
            if (member.partitions() === null) await new Promise(setImmediate);
            else await readOnce().catch(expectPassing);
          }
        }
        async function readOnce(): Promise<void> {
          const reader = member.reader();
          for (const partition of reader.partitions) {
            const limits = { maxRecords: 1_000, maxBytes: 1e7 };
            const more = await reader.read(partition, await reader.committed(partition), limits);
            const last = more.at(-1);
            for (const entry of more) seen.set(`${partition}:${entry.position}`, entry);
            if (last !== undefined) await reader.commit(partition, last.position + 1);
          }
        }
      },
      testTimeoutMs,
    );

    it(
      'answer nobody while they are frozen, and the appends of that time are refused, not acknowledged',
      async () => {
        const topic = await openTopic();
        const log = await topic.openWriter({ timeoutMs: 3_000 });
        const append = (text: string) => log.append([{ key: 'k', payload: Buffer.from(text) }]);
        await append('before');
        for (const broker of cluster.brokers) broker.freeze();
        const startedAt = performance.now();
        const frozen = await Promise.allSettled([append('one'), append('two')]);
        expect(performance.now() - startedAt).toBeLessThan(20_000);
        for (const answer of frozen) {
          expect(answer.status === 'rejected' && isAppError(answer.reason, 'log_unavailable')).toBe(true);
        }
        for (const broker of cluster.brokers) broker.thaw();
        const appends = appendStubbornly(log, callers);
        await untilMore(appends.acknowledged, 100);
        await appends.stop();
        await log.close();
        expect(findLosses(appends.acknowledged, await readWhole(topic))).toEqual([]);
      },
      testTimeoutMs,
    );

    async function readWhole(topic: TestTopic): Promise<LogEntry[]> {
      const member = watchMember();
      const group = topic.createMember();
      await group.join(member);
      await untilShared([member], partitions);
      const entries: LogEntry[] = [];
      for (let partition = 0; partition < partitions; partition++) {
        let from = 0;
        for (;;) {
          const more = await member.reader().read(partition, from, { maxRecords: 1_000, maxBytes: 1e7 });
          const last = more.at(-1);
          if (last === undefined) break;
          entries.push(...more);
          from = last.position + 1;
        }
      }
      await group.leave();
      return entries;
    }
  });
}

async function untilMore(acknowledged: ReadonlyMap<string, unknown>, more: number): Promise<void> {
  const enough = acknowledged.size + more;
  await expect.poll(() => acknowledged.size, { timeout: patienceMs }).toBeGreaterThanOrEqual(enough);
}

/** What a processor meets and tries again. */
function expectPassing(error: unknown): void {
  if (!isAppError(error, 'log_unavailable') && !isAppError(error, 'log_revoked')) throw error;
}
