import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTestTopic } from '../../test/kafka/open-test-topic.ts';
import { type KafkaCluster, startKafka } from '../../test/kafka/start-kafka.ts';
import { createSpoolObserver } from '../../test/spool-observer.ts';
import type { LogReader } from '../event-log.ts';
import { createSpooledLog } from './create-spooled-log.ts';
import { openSpool } from './open-spool.ts';

let cluster: KafkaCluster;
beforeAll(async () => {
  cluster = await startKafka();
});
const folder = mkdtempSync(join(tmpdir(), 'px-spool-kafka-'));
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await cluster.close();
});

it('goes on taking appends while a real broker is killed, and delivers them in order once it is back', async () => {
  const [broker] = cluster.brokers;
  const plan = { partitions: 3 };
  const opened = await openTestTopic({ name: 'kafkajs', bootstrap: cluster.bootstrap, topic: 'spooled', plan });
  const observer = createSpoolObserver();
  const log = createSpooledLog({
    log: await opened.openWriter({ maxBytes: 1e8, clock: Date.now }),
    backend: 'kafka',
    // Its fsync paces the callers.
    spool: await openSpool({ folder: join(folder, 'spool'), maxBytes: 1e8, minFreeBytes: 0, clock: Date.now }),
    telemetry: observer,
    random: Math.random,
    stopwatch: () => performance.now(),
  });
  const persons = ['ann', 'bob', 'cid', 'dot', 'eve'];
  const answers: unknown[] = [];
  let isOver = false;
  const callers = persons.map(async (person) => {
    let turn = 0;
    for (; !isOver; turn++) {
      const [at] = await log.append([{ key: person, payload: Buffer.from(`${person} ${turn}`) }]);
      answers.push(at);
    }
    return turn;
  });
  await expect.poll(() => answers.length, { timeout: 20_000 }).toBeGreaterThan(100);
  await broker?.kill();
  await expect.poll(() => observer.seen.spooled, { timeout: 30_000 }).toBeGreaterThan(1_000);
  await broker?.start();
  await expect.poll(() => observer.seen.returned, { timeout: 60_000 }).toBeGreaterThan(0);
  const before = answers.length;
  await expect.poll(() => answers.length, { timeout: 20_000 }).toBeGreaterThan(before + 100);
  isOver = true;
  const turns = await Promise.all(callers);
  await expect.poll(async () => (await log.status()).spool?.depth, { timeout: 30_000 }).toBe(0);
  await log.close();

  const given = Promise.withResolvers<LogReader>();
  const member = opened.createMember();
  await member.join({ assigned: given.resolve, revoked: async () => undefined, failed: given.reject });
  const reader = await given.promise;
  const firsts = new Map(persons.map((person) => [person, new Set<number>()]));
  const isWhole = () => persons.every((person, at) => firsts.get(person)?.size === turns[at]);
  const next = new Map(reader.partitions.map((partition) => [partition, 0]));
  await expect
    .poll(
      async () => {
        for (const [partition, from] of next) {
          const entries = await reader.read(partition, from, { maxRecords: 10_000, maxBytes: 1e8 });
          for (const { payload, position } of entries) {
            const [person = '', turn] = Buffer.from(payload ?? [])
              .toString()
              .split(' ');
            firsts.get(person)?.add(Number(turn));
            next.set(partition, position + 1);
          }
        }
        return isWhole();
      },
      { timeout: 30_000 },
    )
    .toBe(true);
  for (const [at, person] of persons.entries()) {
    expect([...(firsts.get(person) ?? [])]).toEqual(Array.from({ length: turns[at] ?? 0 }, (_, turn) => turn));
  }
  await member.leave();
}, 180_000);
