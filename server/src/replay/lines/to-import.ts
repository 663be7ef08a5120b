import { toUuidV5 } from '@px-platform/runtime';
import { type RejectionCode, rowAnswerSchema } from '@px-platform/schemas';
import { type Bag, isBag } from '../../ingest/clean-bag.ts';
import { validateImport } from '../../ingest/import/validate-import.ts';
import { callTypeOf } from '../../segment/parse-calls.ts';
import { archivedCallToEvent } from './archived-call-to-event.ts';
import { rowToEvent } from './row-to-event.ts';

/** Why a line of a file is not sent: the closed list. */
export type LineRefusal = RejectionCode | 'not_json' | 'line_too_long' | 'past_retention';

/** What becomes of a line: an event to send, and when it was received or, where nothing says so, made (epoch ms; null: unknown). */
export type ReadLine =
  | { readonly kind: 'event'; readonly event: Bag; readonly at: number | null }
  | { readonly kind: 'refused'; readonly code: LineRefusal; readonly message: string };

/** Namespace of the ids of lines that have none, drawn once, the same for ever: a second run gives the same ids. */
const lineNamespace = '0f4f6a3e-6f0f-4d1c-9d35-7f6f2c1f6a90';

/**
 * Parses a line: a row of our own export, a call of Segment's archive, or an event as it goes over the wire. One without an id
 * gets a UUIDv5 of its bytes and `source`. It is held to the rules that the server holds it to. Never throws.
 */
export function toImport(line: string, source: string): ReadLine {
  const json = parseJson(line);
  if (json === undefined) return { kind: 'refused', code: 'not_json', message: 'The line is no JSON.' };
  if (!isBag(json)) return { kind: 'refused', code: 'invalid_event', message: 'The line is no JSON object.' };
  const event = toEvent(json);
  if (event === null)
    return { kind: 'refused', code: 'invalid_event', message: 'The line is no whole row of an export.' };
  const newId = () => toUuidV5(lineNamespace, `${source}\n${line}`);
  const validated = validateImport(event, { defaults: {}, isSizeChecked: true, newId, checkPlan: null });
  if (validated.kind === 'rejected') {
    const { code, message, path } = validated.rejection;
    return { kind: 'refused', code, message: path === '' ? message : `${path}: ${message}` };
  }
  const { event_id, timestamp } = validated.event.event;
  const at = validated.event.facts.received_at ?? timestamp;
  return { kind: 'event', event: { ...event, event_id }, at: at === undefined ? null : Date.parse(at) };
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** Which of the three it is, its own fields say. Null: what looks like a row, and lacks a column. */
function toEvent(json: Bag): Bag | null {
  if ('_log' in json && 'person_key' in json) {
    const row = rowAnswerSchema.safeParse(json);
    return row.success ? { ...rowToEvent(row.data) } : null;
  }
  const type = callTypeOf(json);
  const isOurs = 'anonymous_id' in json || 'user_id' in json;
  return type === null || isOurs ? json : archivedCallToEvent(json, type);
}
