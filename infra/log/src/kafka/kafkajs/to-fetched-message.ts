import type { KafkaMessage as RawMessage } from 'kafkajs';
import type { FetchedMessage } from '../kafka-client.ts';

/** Gives kafkajs's message in the words of the log; a header given several times counts by its last value. */
export function toFetchedMessage({ key, value, headers, timestamp, offset }: RawMessage): FetchedMessage {
  const named = Object.entries(headers ?? {}).map(([name, given]) => {
    const last = Array.isArray(given) ? given.at(-1) : given;
    return [name, last === undefined ? '' : last.toString()] as const;
  });
  return { position: Number(offset), key, value, headers: new Map(named), sentAt: Number(timestamp) };
}
