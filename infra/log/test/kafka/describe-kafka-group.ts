import { type ChildProcess, spawn } from 'node:child_process';
import { isAppError } from '@px-platform/runtime';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { LogEntry } from '../../src/event-log.ts';
import type { KafkaClientName } from '../../src/kafka/create-kafka-client.ts';
import type { LogGroup } from '../../src/log-group.ts';
import { toPartition } from '../../src/partition.ts';
import { asAdmin } from './as-admin.ts';
import { openTestTopic, type TestTopic, toTestGroup } from './open-test-topic.ts';
import { type KafkaCluster, startKafka } from './start-kafka.ts';
import { leaveAll, untilShared, type WatchedMember, watchMember } from './watch-member.ts';

const noLimit = { maxRecords: 1e6, maxBytes: 1e9 };
const revoked = expect.toSatisfy((error) => isAppError(error, 'log_revoked'));

/** What a group of Kafka owes to its members, by either client library. */
export function describeKafkaGroup(name: KafkaClientName): void {
  describe(`a group of Kafka by ${name}`, () => {
    let cluster: KafkaCluster;
    let topics = 0;
    let place: string;
    let topic: TestTopic;
    const groups: LogGroup[] = [];
    const children: ChildProcess[] = [];

    beforeAll(async () => {
      cluster = await startKafka();
    });
    afterAll(() => cluster.close());
    afterEach(async () => {
      await leaveAll(groups.splice(0));
      for (const child of children.splice(0)) child.kill('SIGKILL');
    });

    async function makeTopic(
      partitions = 4,
      patience: Pick<Parameters<typeof openTestTopic>[0], 'times' | 'timeoutMs'> = {},
    ): Promise<void> {
      topics += 1;
      place = `group.${topics}`;
      const { bootstrap } = cluster;
      topic = await openTestTopic({ name, bootstrap, topic: place, plan: { partitions }, ...patience });
    }
    async function join(member: WatchedMember = watchMember()): Promise<WatchedMember & { leave(): Promise<void> }> {
      const group = topic.createMember();
      groups.push(group);
      await group.join(member);
      return { ...member, leave: () => group.leave() };
    }
    async function append(count: number): Promise<void> {
      const writer = await topic.openWriter();
      await writer.append(Array.from({ length: count }, (_, n) => ({ key: `k${n}`, payload: Buffer.from(`${n}`) })));
      await writer.close();
    }
    const isOf = (partition: number) => (n: number) => toPartition(`k${n}`, 4) === partition;

    it('gives all partitions to one member, and shares them with a second one until it leaves', async () => {
      await makeTopic();
      const one = await join();
      await untilShared([one], 4);
      const two = await join();
      await untilShared([one, two], 4);
      expect([...(one.partitions() ?? []), ...(two.partitions() ?? [])].toSorted()).toEqual([0, 1, 2, 3]);
      await two.leave();
      await untilShared([one], 4);
      expect(one.told.filter((line) => line === 'revoked')).toHaveLength(2);
      expect(two.partitions()).toBeNull();
    });

    it('gives nothing away before the work on it has ended, and then refuses all that its reader is asked', async () => {
      await makeTopic();
      const ending = Promise.withResolvers<void>();
      const one = await join(watchMember(() => ending.promise));
      await untilShared([one], 4);
      const reader = one.reader();
      const two = watchMember();
      const joining = join(two);
      await expect.poll(() => one.partitions(), { timeout: 20_000 }).toBeNull();
      for (const call of [reader.commit(0, 0), reader.plan(0, 1), reader.read(0, 0, noLimit), reader.committed(0)]) {
        await expect(call).rejects.toEqual(revoked);
      }
      // Watched for four beats of the heart: who joins without waiting is given something after two.
      const given = expect.poll(() => two.told.length, { timeout: 2_000 }).toBeGreaterThan(0);
      await expect(given).rejects.toThrow();
      expect(await topic.groupState()).toBe('PreparingRebalance');
      expect(two.told).toEqual([]);
      ending.resolve();
      await joining;
      await untilShared([one, two], 4);
    });

    it('tells who waits that something has come, and that the generation is over', async () => {
      await makeTopic();
      const one = await join();
      await untilShared([one], 4);
      const reader = one.reader();
      const open = new AbortController().signal;
      const waits = [0, 1, 2, 3].map((partition) => reader.arrived(partition, 0, open));
      await append(40);
      await Promise.all(waits);
      for (const partition of [0, 1, 2, 3]) expect(await reader.read(partition, 0, noLimit)).not.toEqual([]);
      const beyond = reader.arrived(0, Array.from({ length: 40 }, (_, n) => n).filter(isOf(0)).length, open);
      await join();
      await beyond;
      await expect(reader.read(0, 0, noLimit)).rejects.toEqual(revoked);
    });

    it('hears at once what comes, where it is to read and that it is to leave, while a fetch waits for minutes', async () => {
      const times = { sessionTimeoutMs: 1_200_000, heartbeatIntervalMs: 240_000, revokeTimeoutMs: 7_000 };
      await makeTopic(1, { times, timeoutMs: 480_000 });
      const one = await join();
      await untilShared([one], 1);
      const reader = one.reader();
      const open = new AbortController().signal;
      // Once more than it may have been on its way to ask.
      for (const position of [0, 1, 2]) {
        await append(1);
        await reader.arrived(0, position, open);
        expect(await reader.read(0, position, noLimit)).toHaveLength(1);
      }
      // What was read past is fetched again.
      expect(await reader.read(0, 0, noLimit)).toHaveLength(3);
      // Asked over connections of its own: by its answer the next fetch is under way.
      expect(await topic.groupState()).toBe('Stable');
      await one.leave();
    });

    it('takes over from what is committed where a member is killed', async () => {
      await makeTopic();
      await append(40);
      const child = await runMember();
      expect(await child.next()).toBe('assigned 0,1,2,3');
      expect(await child.ask('commit 1 3')).toBe('commit done');
      child.process.kill('SIGKILL');
      const one = await join();
      await untilShared([one], 4);
      expect(await one.reader().committed(1)).toBe(3);
      const [first] = await one.reader().read(1, 0, noLimit);
      expect(first?.position).toBe(3);
    });

    it('refuses the plans and commits of a member that slept while the group went on', async () => {
      await makeTopic();
      await append(40);
      const child = await runMember();
      expect(await child.next()).toBe('assigned 0,1,2,3');
      expect(await child.ask('plan 2 4')).toBe('plan done');
      child.process.kill('SIGSTOP');
      const one = await join();
      await untilShared([one], 4);
      expect(await one.reader().planned(2)).toBe(4);
      await one.reader().commit(2, 4);
      child.process.kill('SIGCONT');
      expect(await child.ask('plan 2 9')).toBe('plan log_revoked');
      expect(await child.ask('commit 2 9')).toBe('commit log_revoked');
      const seen = await topic.client.openAdmin();
      expect((await seen.committed(toTestGroup(place)))[2]).toEqual({ next: 4, note: '' });
      await seen.close();
    });

    it('keeps a plan beside what is committed, for whoever reads next, until a commit takes it away', async () => {
      await makeTopic();
      await append(40);
      const one = await join();
      await untilShared([one], 4);
      expect(await one.reader().planned(0)).toBeNull();
      await one.reader().plan(0, 5);
      expect(await one.reader().planned(0)).toBe(5);
      expect(await one.reader().committed(0)).toBe(0);
      await one.leave();
      const two = await join();
      await untilShared([two], 4);
      expect(await two.reader().planned(0)).toBe(5);
      expect(await two.reader().committed(0)).toBe(0);
      await two.reader().commit(0, 5);
      expect(await two.reader().planned(0)).toBeNull();
      await two.leave();
      const three = await join();
      await untilShared([three], 4);
      expect(await three.reader().planned(0)).toBeNull();
      expect(await three.reader().committed(0)).toBe(5);
    });

    it('ends a member before a plan of a later version, which stays for one that knows it', async () => {
      await makeTopic(1);
      await append(40);
      const later = '{"v":2,"borders":[5,9]}';
      const admin = await topic.client.openAdmin();
      const planned = Promise.withResolvers<void>();
      const leave = await topic.client.joinGroup({
        groupId: toTestGroup(place),
        times: { sessionTimeoutMs: 8_000, heartbeatIntervalMs: 500, revokeTimeoutMs: 7_000 },
        listener: {
          assigned: ({ commit }) => planned.resolve(commit(0, { next: 3, note: later })),
          revoked: async () => undefined,
          fetched: () => true,
          failed: planned.reject,
        },
      });
      await planned.promise;
      await leave();
      expect(await admin.committed(toTestGroup(place))).toEqual([{ next: 3, note: later }]);
      const one = await join();
      await expect.poll(() => one.failures, { timeout: 20_000 }).toMatchObject([{ code: 'log_version_unknown' }]);
      expect(one.readers).toEqual([]);
      expect(await admin.committed(toTestGroup(place))).toEqual([{ next: 3, note: later }]);
      await admin.close();
    });

    it('reads all that was appended, again from any position that is not committed, and knows its end', async () => {
      await makeTopic();
      await append(2_000);
      const one = await join();
      await untilShared([one], 4);
      for (const partition of [0, 1, 2, 3]) {
        const expected = Array.from({ length: 2_000 }, (_, n) => n)
          .filter(isOf(partition))
          .map(String);
        expect(toTexts(await readAll(one, partition, 0))).toEqual(expected);
        await one.reader().commit(partition, 100);
        expect(toTexts(await readAll(one, partition, 300))).toEqual(expected.slice(300));
        expect(toTexts(await readAll(one, partition, 0))).toEqual(expected.slice(100));
        expect(await one.reader().read(partition, expected.length, noLimit)).toEqual([]);
      }
    });

    it('holds back what nobody reads, and goes on with it', async () => {
      await makeTopic(1);
      const writer = await topic.openWriter();
      const payload = Buffer.alloc(100_000, 'x');
      for (let turn = 0; turn < 30; turn++) {
        await writer.append(Array.from({ length: 10 }, () => ({ key: 'k', payload })));
      }
      await writer.close();
      const one = await join();
      await untilShared([one], 1);
      const entries = await readAll(one, 0, 0);
      expect(entries.map(({ position }) => position)).toEqual(Array.from({ length: 300 }, (_, n) => n));
    });

    it('gives partitions that are added to its members, who go on with what they had', async () => {
      await makeTopic(2);
      await append(40);
      const [one, two] = [await join(), await join()];
      await untilShared([one, two], 2);
      expect([one, two].map((member) => member.reader().partitionCount)).toEqual([2, 2]);
      const [first] = one.partitions() ?? [];
      await one.reader().commit(first ?? 0, 3);
      await asAdmin(cluster.bootstrap, (admin) =>
        admin.createPartitions({ topicPartitions: [{ topic: place, count: 5 }] }),
      );
      await untilShared([one, two], 5);
      expect([one, two].map((member) => member.reader().partitionCount)).toEqual([5, 5]);
      const next = [one, two].find((member) => member.partitions()?.includes(first ?? 0));
      expect(await next?.reader().committed(first ?? 0)).toBe(3);
      expect([...one.failures, ...two.failures]).toEqual([]);
    });

    it('ends where the topic is made anew at once, with as many partitions', async () => {
      await makeTopic(2);
      await append(40);
      const one = await join();
      await untilShared([one], 2);
      await asAdmin(cluster.bootstrap, async (admin) => {
        await admin.deleteTopics({ topics: [place] });
        await expect.poll(() => admin.listTopics(), { timeout: 20_000 }).not.toContain(place);
        await admin.createTopics({ topics: [{ topic: place, numPartitions: 2 }] });
      });
      await expect.poll(() => one.failures, { timeout: 40_000 }).toMatchObject([{ code: 'log_unavailable' }]);
    });

    it('tells a message that is not ours as damage, and reads on', async () => {
      await makeTopic(1);
      const writer = await topic.openWriter();
      const producer = await topic.client.openProducer();
      const foreign = { key: null, value: Buffer.from('{"foreign":true}'), headers: new Map(), sentAt: Date.now() };
      const later = { ...foreign, value: Buffer.from('later'), headers: new Map([['px-record', '2']]) };
      await producer.send(new Map([[0, [foreign, later, { ...foreign, value: null }]]]));
      await producer.close();
      await writer.append([{ key: 'k', payload: Buffer.from('ours') }]);
      await writer.close();
      const one = await join();
      await untilShared([one], 1);
      const entries = await readAll(one, 0, 0);
      expect(entries.map(({ payload }) => payload?.toString() ?? null)).toEqual([null, null, null, 'ours']);
      expect(entries.map(({ damaged }) => Buffer.from(damaged ?? []).toString())).toEqual([
        '{"foreign":true}',
        'later',
        '',
        '',
      ]);
    });

    it('says what retention took away before it was committed, and reads on behind it', async () => {
      await makeTopic(1);
      await append(10);
      const one = await join();
      await untilShared([one], 1);
      await one.reader().commit(0, 2);
      await one.leave();
      await topic.deleteBelow(0, 7);
      const lost: unknown[] = [];
      const group = topic.createMember((loss) => lost.push(loss));
      groups.push(group);
      const two = watchMember();
      await group.join(two);
      await untilShared([two], 1);
      expect(lost).toEqual([{ partition: 0, from: 2, to: 7 }]);
      expect(await two.reader().committed(0)).toBe(7);
      expect((await two.reader().read(0, 0, noLimit)).map(({ position }) => position)).toEqual([7, 8, 9]);
    });

    async function readAll(member: WatchedMember, partition: number, from: number): Promise<LogEntry[]> {
      const entries: LogEntry[] = [];
      let next = from;
      for (;;) {
        const more = await member.reader().read(partition, next, { maxRecords: 500, maxBytes: 1024 * 1024 });
        const last = more.at(-1);
        if (last === undefined) return entries;
        entries.push(...more);
        next = last.position + 1;
      }
    }

    async function runMember() {
      const script = new URL('run-member.ts', import.meta.url).pathname;
      const args = ['--no-warnings', script, name, cluster.bootstrap, place];
      const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
      children.push(child);
      const lines: string[] = [];
      let partial = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        const parts = (partial + text).split('\n');
        partial = parts.pop() ?? '';
        lines.push(...parts);
      });
      const next = async (word = 'assigned'): Promise<string> => {
        const find = () => lines.findIndex((line) => line.startsWith(word));
        await expect.poll(find, { timeout: 40_000 }).toBeGreaterThanOrEqual(0);
        return lines.splice(find(), 1)[0] ?? '';
      };
      return {
        process: child,
        next,
        ask: (question: string) => {
          child.stdin.write(`${question}\n`);
          return next(question.split(' ')[0]);
        },
      };
    }
  });
}

function toTexts(entries: readonly LogEntry[]): string[] {
  return entries.map(({ payload }) => (payload === null ? 'unreadable' : Buffer.from(payload).toString()));
}
