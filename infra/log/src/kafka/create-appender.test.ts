import { isAppError } from '@px-platform/runtime';
import { describe, expect, it } from 'vitest';
import { createAppender } from './create-appender.ts';
import type { KafkaMessage, KafkaProducer } from './kafka-client.ts';
import { KafkaFailure } from './kafka-failure.ts';
import { toMessage } from './record-message.ts';

interface Request {
  readonly batches: ReadonlyMap<number, readonly KafkaMessage[]>;
  answer(firsts: readonly (readonly [number, number])[]): void;
  fail(error: Error): void;
}

/** An appender on producers whose requests the test answers. */
function open({ maxBatchBytes = 1_000_000, timeoutMs = 60_000 } = {}) {
  const requests: Request[] = [];
  const counts = { opened: 0, closed: 0 };
  const openProducer = async (): Promise<KafkaProducer> => {
    counts.opened += 1;
    return {
      send: (batches) =>
        new Promise((resolve, reject) =>
          requests.push({ batches, answer: (firsts) => resolve(new Map(firsts)), fail: reject }),
        ),
      close: async () => {
        counts.closed += 1;
      },
    };
  };
  const appender = createAppender({ openProducer, topic: 'events', maxBatchBytes, timeoutMs });
  const append = (...texts: string[]) =>
    appender.append(
      texts.map((text) => ({
        partition: text.length,
        message: toMessage({ key: 'k', payload: Buffer.from(text) }, 1),
      })),
    );
  const request = async (index: number): Promise<Request> => {
    await expect.poll(() => requests.length).toBeGreaterThan(index);
    const found = requests[index];
    if (found === undefined) throw new Error('no request');
    return found;
  };
  return { appender, append, request, requests, counts };
}

const textsOf = ({ batches }: Request) =>
  [...batches].map(([partition, messages]) => [partition, messages.map(({ value }) => String(value))]);

describe('appends to Kafka', () => {
  it('share a request where they are made at once, and the next one where they come meanwhile', async () => {
    const { append, request, requests } = open();
    const one = append('a', 'bb');
    const two = append('c');
    const first = await request(0);
    const three = append('d');
    const four = append('e');
    expect(textsOf(first)).toEqual([
      [1, ['a', 'c']],
      [2, ['bb']],
    ]);
    expect(requests).toHaveLength(1);
    first.answer([
      [1, 10],
      [2, 5],
    ]);
    expect(await one).toEqual([
      { partition: 1, position: 10 },
      { partition: 2, position: 5 },
    ]);
    expect(await two).toEqual([{ partition: 1, position: 11 }]);
    const second = await request(1);
    expect(textsOf(second)).toEqual([[1, ['d', 'e']]]);
    second.answer([[1, 12]]);
    expect([await three, await four].flat().map(({ position }) => position)).toEqual([12, 13]);
  });

  it('are split where a partition would get more than its topic takes as one batch', async () => {
    const { append, request } = open({ maxBatchBytes: 150 });
    const whole = append('a', 'b', 'c');
    const first = await request(0);
    expect(textsOf(first)).toEqual([[1, ['a', 'b']]]);
    first.answer([[1, 0]]);
    (await request(1)).answer([[1, 2]]);
    expect((await whole).map(({ position }) => position)).toEqual([0, 1, 2]);
  });

  it('fail with the request, take a new producer, and have nothing of theirs sent later', async () => {
    const { append, request, requests, counts, appender } = open({ maxBatchBytes: 150 });
    const split = append('a', 'b', 'c');
    const other = append('d');
    (await request(0)).fail(new KafkaFailure('unavailable', 'No leader.'));
    await expect(split).rejects.toSatisfy((error) => isAppError(error, 'log_unavailable'));
    const second = await request(1);
    expect(textsOf(second)).toEqual([[1, ['d']]]);
    expect(counts).toEqual({ opened: 2, closed: 1 });
    second.answer([[1, 9]]);
    expect(await other).toEqual([{ partition: 1, position: 9 }]);
    expect(requests).toHaveLength(2);
    await expect.poll(() => appender.waitingBytes()).toBe(0);
  });

  it('fail one by one where the topic takes less than it did, and the others get through', async () => {
    const { append, request, appender } = open();
    const appends = Promise.allSettled([append('a'), append('b'), append('c')]);
    (await request(0)).fail(new KafkaFailure('too_large', 'Too large.'));
    (await request(1)).fail(new KafkaFailure('too_large', 'Too large.'));
    (await request(2)).answer([[1, 0]]);
    (await request(3)).fail(new KafkaFailure('too_large', 'Too large.'));
    (await request(4)).answer([[1, 1]]);
    expect(await appends).toMatchObject([
      { value: [{ partition: 1, position: 0 }] },
      { reason: { code: 'log_refused_records' } },
      { value: [{ partition: 1, position: 1 }] },
    ]);
    await expect.poll(() => appender.waitingBytes()).toBe(0);
  });

  it('fail where the answer leaves a partition out: nobody may be told that it is durable', async () => {
    const { append, request } = open();
    const lost = append('a', 'bb');
    (await request(0)).answer([[1, 0]]);
    await expect(lost).rejects.toThrow('tells nothing of partition 2');
  });

  it('fail where no answer comes in time', async () => {
    const { append, counts } = open({ timeoutMs: 20 });
    await expect(append('a')).rejects.toThrow('took longer than 20 ms');
    expect(counts.closed).toBe(1);
  });

  it('are waited for by a close', async () => {
    const { append, appender, request, counts } = open();
    const last = append('a');
    const closed = appender.close();
    (await request(0)).answer([[1, 0]]);
    expect(await last).toHaveLength(1);
    await closed;
    expect(counts).toEqual({ opened: 1, closed: 1 });
  });
});
