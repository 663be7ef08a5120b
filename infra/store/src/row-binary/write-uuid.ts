import type { ByteSink } from './byte-sink.ts';
import { refuseValue } from './refuse-value.ts';

/** What a character says as a hexadecimal digit; over 15 where it is none. */
const digits = new Uint8Array(0x10000).fill(0xff);
for (const [value, digit] of [...'0123456789abcdef'].entries()) {
  digits[digit.charCodeAt(0)] = value;
  digits[digit.toUpperCase().charCodeAt(0)] = value;
}
/** Where each byte stands in a UUID's text: the engine holds two numbers of 64 bits, the lowest byte of each first. */
const textPlaces = [16, 14, 11, 9, 6, 4, 2, 0, 34, 32, 30, 28, 26, 24, 21, 19];

/** Writes a UUID's 16 bytes; throws `store_refused_rows` where it is none. Source: ClickHouse, SerializationUUID.cpp. */
export function writeUuid(sink: ByteSink, text: string): void {
  let seen = text.length === 36 ? 0 : 0xff;
  for (const place of textPlaces) {
    const high = digits[text.charCodeAt(place)] ?? 0xff;
    const low = digits[text.charCodeAt(place + 1)] ?? 0xff;
    seen |= high | low;
    sink.uint8((high << 4) | low);
  }
  if (seen > 0xf) refuseValue('UUID', text);
}
