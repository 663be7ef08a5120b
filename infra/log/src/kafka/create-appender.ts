import { setImmediate as nextTurn } from 'node:timers/promises';
import type { AppError } from '@px-platform/runtime';
import type { LogPosition } from '../event-log.ts';
import type { KafkaMessage, KafkaProducer } from './kafka-client.ts';
import { isKafkaFailure, KafkaFailure, toLogError } from './kafka-failure.ts';
import { toMessageBytes } from './record-message.ts';
import { within } from './within.ts';

/** Messages of one request at most: more make it no faster, and keep the process from all else. */
const maxRequestMessages = 5_000;
const maxRequestBytes = 8 * 1024 * 1024;

/** A message and the partition that it goes to. */
export interface PlacedMessage {
  readonly partition: number;
  readonly message: KafkaMessage;
}

/** Appends to one topic by requests that calls share. */
export interface Appender {
  /** Gives each message's position, in the order given. Throws `log_unavailable`. */
  append(messages: readonly PlacedMessage[]): Promise<readonly LogPosition[]>;
  /** Bytes of the messages that are not yet durable. */
  waitingBytes(): number;
  /** Waits for what was appended, then lets go of the brokers. */
  close(): Promise<void>;
}

interface Call {
  readonly positions: LogPosition[];
  left: number;
  isFailed: boolean;
  readonly resolve: (positions: readonly LogPosition[]) => void;
  readonly reject: (error: AppError) => void;
}

interface Waiting extends PlacedMessage {
  readonly call: Call;
  readonly index: number;
  readonly bytes: number;
}

/**
 * Builds an appender that has one request under way: calls that come meanwhile share the next one, so that a busy log pays one
 * request for many. A producer is thrown away after any failure: what it sent may still be written, and a later request under the
 * same numbers would be taken for its copy. A call that fails has none of its messages sent later.
 */
export function createAppender(options: {
  readonly openProducer: () => Promise<KafkaProducer>;
  readonly topic: string;
  /** Bytes of the messages of one partition in one request: what the topic takes as one batch. */
  readonly maxBatchBytes: number;
  /** A request that takes longer has failed. */
  readonly timeoutMs: number;
}): Appender {
  const { openProducer, topic, maxBatchBytes, timeoutMs } = options;
  const waiting: Waiting[] = [];
  let bytesWaiting = 0;
  let producer: Promise<KafkaProducer> | null = null;
  let draining: Promise<void> | null = null;

  async function drain(): Promise<void> {
    // Calls of one turn of the event loop share a request.
    await nextTurn();
    while (waiting.length > 0) {
      const batch = takeBatch();
      if (batch.length > 0) await send(batch);
    }
    draining = null;
  }

  function takeBatch(): Waiting[] {
    const taken: Waiting[] = [];
    const bytesOf = new Map<number, number>();
    let [seen, bytes] = [0, 0];
    for (const one of waiting) {
      const ofPartition = (bytesOf.get(one.partition) ?? 0) + one.bytes;
      const isFull = taken.length >= maxRequestMessages || bytes + one.bytes > maxRequestBytes;
      if (taken.length > 0 && (isFull || ofPartition > maxBatchBytes)) break;
      seen += 1;
      if (one.call.isFailed) {
        bytesWaiting -= one.bytes;
        continue;
      }
      taken.push(one);
      bytes += one.bytes;
      bytesOf.set(one.partition, ofPartition);
    }
    waiting.splice(0, seen);
    return taken;
  }

  async function send(batch: readonly Waiting[]): Promise<void> {
    const batches = new Map<number, KafkaMessage[]>();
    for (const { partition, message } of batch) {
      const messages = batches.get(partition);
      if (messages === undefined) batches.set(partition, [message]);
      else messages.push(message);
    }
    try {
      const firsts = await within(timeoutMs, `A request to topic ${topic}`, sendOpened(batches));
      settle(batch, new Map(firsts));
    } catch (thrown) {
      dropProducer();
      if (isKafkaFailure(thrown, 'too_large') && batch.length > 1) return sendHalves(batch);
      const error = toLogError(`Appending to Kafka's topic ${topic}`, thrown);
      for (const { call } of batch) {
        call.isFailed = true;
        call.reject(error);
      }
    }
    for (const { bytes } of batch) bytesWaiting -= bytes;
  }

  /** The topic takes less than it did: what is too large by itself is found, and the rest gets through. */
  async function sendHalves(batch: readonly Waiting[]): Promise<void> {
    const middle = Math.ceil(batch.length / 2);
    await send(batch.slice(0, middle));
    const left = batch.slice(middle);
    for (const { call, bytes } of left) if (call.isFailed) bytesWaiting -= bytes;
    const sound = left.filter(({ call }) => !call.isFailed);
    if (sound.length > 0) await send(sound);
  }

  async function sendOpened(
    batches: ReadonlyMap<number, readonly KafkaMessage[]>,
  ): Promise<ReadonlyMap<number, number>> {
    producer ??= openProducer();
    return (await producer).send(batches);
  }

  function settle(batch: readonly Waiting[], next: Map<number, number>): void {
    for (const { partition } of batch) {
      if (!next.has(partition))
        throw new KafkaFailure('unavailable', `The answer tells nothing of partition ${partition}.`);
    }
    for (const { call, index, partition } of batch) {
      const position = next.get(partition) ?? 0;
      next.set(partition, position + 1);
      call.positions[index] = { partition, position };
      call.left -= 1;
      if (call.left === 0) call.resolve(call.positions);
    }
  }

  function dropProducer(): void {
    const dropped = producer;
    producer = null;
    // What it could not send was told to who appended it.
    dropped?.then((open) => open.close()).catch(() => undefined);
  }

  return {
    append(messages) {
      return new Promise((resolve, reject) => {
        const call = { positions: [], left: messages.length, isFailed: false, resolve, reject };
        for (const [index, { partition, message }] of messages.entries()) {
          const bytes = toMessageBytes(message);
          waiting.push({ partition, message, call, index, bytes });
          bytesWaiting += bytes;
        }
        draining ??= drain();
      });
    },
    waitingBytes: () => bytesWaiting,
    async close() {
      await draining;
      await producer?.then((open) => open.close()).catch(() => undefined);
    },
  };
}
