import { describe, expect, it } from 'vitest';
import type { KafkaListener } from './kafka-client.ts';
import { KafkaFailure } from './kafka-failure.ts';
import { keepJoined, type RunConsumer } from './keep-joined.ts';

/** Consumers that run until the test has them crash; `failures` are thrown in place of the first ones. */
function openGroup(failures: KafkaFailure[] = []) {
  const did: string[] = [];
  const crashes: ((failure: KafkaFailure) => void)[] = [];
  const failed: KafkaFailure[] = [];
  const listener: KafkaListener = {
    assigned: () => undefined,
    revoked: async () => void did.push('revoked'),
    fetched: () => true,
    failed: (error) => void failed.push(error),
  };
  const run: RunConsumer = async (onCrash) => {
    const failure = failures.shift();
    if (failure !== undefined) {
      did.push('refused');
      throw failure;
    }
    const number = crashes.push(onCrash);
    did.push(`run ${number}`);
    return async () => void did.push(`disconnect ${number}`);
  };
  return { did, crashes, failed, listener, run };
}

const away = () => new KafkaFailure('unavailable', 'no broker');

describe('a member of a group', () => {
  it('has another consumer in place of one that crashed, each time, after it let go of what it was given', async () => {
    const { did, crashes, failed, listener, run } = openGroup();
    const leave = await keepJoined(listener, run);
    crashes[0]?.(away());
    await expect.poll(() => crashes.length, { timeout: 5_000 }).toBe(2);
    crashes[1]?.(away());
    await expect.poll(() => crashes.length, { timeout: 5_000 }).toBe(3);
    await leave();
    expect(did).toEqual([
      ...['run 1', 'revoked', 'disconnect 1'],
      ...['run 2', 'revoked', 'disconnect 2'],
      ...['run 3', 'revoked', 'disconnect 3'],
    ]);
    expect(failed).toEqual([]);
  });

  it('tries until one joins, where brokers are away', async () => {
    const failures: KafkaFailure[] = [away(), away()];
    const { did, crashes, listener, run } = openGroup(failures);
    const leave = await keepJoined(listener, run);
    expect(did).toEqual(['refused', 'refused', 'run 1']);
    failures.push(away(), away());
    crashes[0]?.(away());
    await expect.poll(() => crashes.length, { timeout: 5_000 }).toBe(2);
    expect(did.slice(3)).toEqual(['revoked', 'disconnect 1', 'refused', 'refused', 'run 2']);
    await leave();
  });

  it.each(['refused', 'topic_missing'] as const)('ends where a crash says %s, and runs none after', async (kind) => {
    const { crashes, failed, listener, run } = openGroup();
    const leave = await keepJoined(listener, run);
    const failure = new KafkaFailure(kind, 'for good');
    crashes[0]?.(failure);
    await expect.poll(() => failed).toEqual([failure]);
    expect(crashes).toHaveLength(1);
    await leave();
  });

  it('throws at once where the first one is refused', async () => {
    const { did, listener, run } = openGroup([new KafkaFailure('refused', 'wrong password')]);
    await expect(keepJoined(listener, run)).rejects.toThrow('wrong password');
    expect(did).toEqual(['refused']);
  });
});
