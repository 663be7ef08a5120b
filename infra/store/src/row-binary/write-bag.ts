import type { ByteSink } from './byte-sink.ts';
import { writeWideNumbers } from './write-wide-numbers.ts';

/** Writes an object as JSON, for `input_format_binary_read_json_as_string`. */
export function writeJson(sink: ByteSink, bag: Readonly<Record<string, unknown>>): void {
  sink.text(isEmpty(bag) ? '{}' : writeWideNumbers(JSON.stringify(bag)));
}

/** Writes a map of texts: how many, then each key before its value. */
export function writeMap(sink: ByteSink, map: Readonly<Record<string, string>>): void {
  const entries = isEmpty(map) ? [] : Object.entries(map);
  sink.varint(entries.length);
  for (const [key, value] of entries) {
    sink.text(key);
    sink.text(value);
  }
}

function isEmpty(object: object): boolean {
  for (const _ in object) return false;
  return true;
}
