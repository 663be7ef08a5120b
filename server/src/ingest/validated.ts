import { eventLimits, type Rejection, type RejectionCode } from '@px-platform/schemas';
import type { z } from 'zod';
import type { Bag } from './clean-bag.ts';

/** What became of one event. */
export type Validated<Event> =
  | {
      readonly kind: 'accepted';
      readonly event: Event;
      readonly cutStrings: number;
      readonly removedKeys: number;
    }
  | Rejected;

/** An event that is not taken, and why. */
export interface Rejected {
  readonly kind: 'rejected';
  readonly rejection: Rejection;
}

/** Gives the rejection of an event that is larger than one may be, or nested too deep to be measured; null of any other. */
export function findOversize(raw: Bag): Rejected | null {
  const bytes = measureJson(raw);
  if (bytes === null) return reject('too_deep', `Nested deeper than ${eventLimits.maxDepth} levels.`, '');
  if (bytes <= eventLimits.maxEventBytes) return null;
  return reject(
    'event_too_large',
    `The event is ${bytes} bytes as JSON; at most ${eventLimits.maxEventBytes} bytes are taken.`,
    '',
  );
}

/** Bytes of the value as compact JSON, or null where a field that we don't know nests too deep to be written. */
function measureJson(raw: Bag): number | null {
  try {
    return Buffer.byteLength(JSON.stringify(raw));
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** Gives the first mistake that the schema found, with its path. */
export function toRejected(error: z.ZodError): Rejected {
  const issue = error.issues[0];
  const path = issue?.path.join('.') ?? '';
  return reject(codeOfField(issue?.path[0]), issue?.message ?? 'The event has a wrong shape.', path);
}

function codeOfField(field: PropertyKey | undefined): RejectionCode {
  if (field === 'event_id') return 'invalid_event_id';
  if (field === 'timestamp') return 'invalid_timestamp';
  return 'invalid_event';
}

/** `path` points into the event; '' is the event itself. */
export function reject(code: RejectionCode, message: string, path: string): Rejected {
  return { kind: 'rejected', rejection: { code, message, path } };
}
