import type { DeadLetter } from './event-row.ts';

/** A dead letter as it stands in its topic: one message, UTF-8 JSON. Instants are epoch ms. */
export interface DeadLetterMessage extends Omit<DeadLetter, 'payload'> {
  v: 1;
  /** The same whenever this letter is published again: `log:partition:offset:index:reason`. */
  letter_id: string;
  /** The topic whose record it is of. */
  topic: string;
  /** The original bytes, base64; where they are cut, the first of them. */
  payload: string;
  /** Of the original bytes, in whole. */
  payload_bytes: number;
  is_cut: boolean;
}

/** Gives the message of a letter from `topic`, with at most `maxPayloadBytes` of its original bytes. */
export function toDeadLetterMessage(
  { payload, ...letter }: DeadLetter,
  { topic, maxPayloadBytes }: { readonly topic: string; readonly maxPayloadBytes: number },
): DeadLetterMessage {
  const bytes = Buffer.from(payload, 'base64');
  const { log, partition, offset, index, reason } = letter;
  return {
    v: 1,
    letter_id: [log, partition, offset, index, reason].join(':'),
    topic,
    ...letter,
    payload: bytes.subarray(0, maxPayloadBytes).toString('base64'),
    payload_bytes: bytes.length,
    is_cut: bytes.length > maxPayloadBytes,
  };
}
