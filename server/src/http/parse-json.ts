import { type Problem, toProblem } from './problem.ts';

/** A JSON value, wrapped: any value may come, null too. */
export interface ParsedJson {
  readonly kind: 'json';
  readonly value: unknown;
}

const byteOrderMark = 0xfeff;

/**
 * Parses UTF-8 JSON; a byte order mark before it is passed over. Gives the value or `invalid_json`.
 * Numbers are IEEE doubles: beyond 2^53 they lose digits, so ids belong in strings. Never throws.
 */
export function parseJson(bytes: Buffer): ParsedJson | Problem {
  if (bytes.length === 0) return toProblem('invalid_json', 'The body is empty; it should be JSON.');
  const text = bytes.toString('utf8');
  try {
    return { kind: 'json', value: JSON.parse(text.charCodeAt(0) === byteOrderMark ? text.slice(1) : text) };
  } catch {
    return toProblem('invalid_json', 'The body is not JSON.');
  }
}
