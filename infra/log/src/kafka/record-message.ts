import type { AppendRecord, LogEntry } from '../event-log.ts';
import { toPartition } from '../partition.ts';
import type { FetchedMessage, KafkaMessage } from './kafka-client.ts';

/** The header that marks a message as a record of ours, and the version of its form. */
const header = 'px-record';
const version = '1';

/** Bytes that a message takes in a batch beside its key and payload, at most: header, time, lengths. */
const messageOverheadBytes = 64;

/** Gives the message of a record; its key is the record's, its value the payload. */
export function toMessage({ key, payload }: AppendRecord, sentAt: number): KafkaMessage {
  const value = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
  return { key: Buffer.from(key), value, headers: new Map([[header, version]]), sentAt };
}

/** Gives the bytes of a message in a batch, before compression: never too few. */
export function toMessageBytes({ key, value }: KafkaMessage): number {
  return (key?.length ?? 0) + (value?.length ?? 0) + messageOverheadBytes;
}

/**
 * Gives the entry of a message. One that is not of ours, or of a later version, has no payload and is told with its bytes, as what is
 * damaged: it ends among the dead letters, and the partition goes on. `count` is that of the topic's partitions: a record that lies
 * elsewhere than its key would among so many was sent with another number. Never throws.
 */
export function toEntry(partition: number, count: number, message: FetchedMessage): LogEntry {
  const { position, key, value, headers, sentAt } = message;
  if (value !== null && headers.get(header) === version) {
    const isInPlace = key !== null && toPartition(key, count) === partition;
    return { partition, position, payload: value, appendedAt: sentAt, ...(isInPlace ? { partitionCount: count } : {}) };
  }
  return { partition, position, payload: null, appendedAt: 0, damaged: value ?? new Uint8Array() };
}
