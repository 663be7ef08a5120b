import { eventLimits } from '@px-platform/schemas';
import { type Problem, toProblem } from '../http/problem.ts';
import { type Bag, isBag } from './clean-bag.ts';
import { type ParsedBatch, parseSingle } from './parse-batch.ts';

/** A route that makes one event of a name with a meaning of ours. */
export interface NamedRoute {
  readonly path: string;
  /** What the event is called. */
  readonly event: string;
  /** Ids that the event is nothing without. */
  readonly needs: readonly NeededId[];
}

type NeededId = 'user_id' | 'group_id' | 'previous_id';

/** The named routes of contract 2. */
export const namedRoutes: readonly NamedRoute[] = [
  { path: '/api/v1/identify', event: 'identify', needs: ['user_id'] },
  { path: '/api/v1/group', event: 'group', needs: ['group_id'] },
  { path: '/api/v1/alias', event: 'alias', needs: ['user_id', 'previous_id'] },
  { path: '/api/v1/page', event: 'page_view', needs: [] },
];

/**
 * Parses the body of a named route: one event that may leave its name out, with `group_id` and `previous_id` beside its
 * fields or in its `properties`, where they are stored. Gives a problem with the path of what is missing. Never throws.
 */
export function parseNamed(json: unknown, route: NamedRoute): ParsedBatch | Problem {
  if (!isBag(json)) return toProblem('invalid_body', 'The body is not one event: a JSON object.');
  const event = json['event'] ?? route.event;
  if (event !== route.event) return refuse('event', `This route makes events named ${route.event}; leave "event" out.`);
  const missing = route.needs.find((id) => !isId(readId(json, id)));
  if (missing !== undefined) return refuse(missing, `${route.event} needs ${missing}, a text of 1..200 characters.`);
  return parseSingle(route.needs.reduce(moveId, { ...json, event }));
}

function readId(event: Bag, id: NeededId): unknown {
  const properties = event['properties'];
  return event[id] ?? (id !== 'user_id' && isBag(properties) ? properties[id] : undefined);
}

function isId(value: unknown): boolean {
  return typeof value === 'string' && value.trim() !== '' && value.trim().length <= eventLimits.maxPersonIdLength;
}

/** Puts an id into the event's properties, as the SDK sends it, trimmed as ids are that have a field of their own. */
function moveId(event: Bag, id: NeededId): Bag {
  const given = readId(event, id);
  const { [id]: _beside, properties, ...rest } = event;
  const isFree = properties === undefined || properties === null || isBag(properties);
  if (id === 'user_id' || typeof given !== 'string' || !isFree) return event;
  return { ...rest, properties: { ...properties, [id]: given.trim() } };
}

function refuse(path: string, message: string): Problem {
  return toProblem('invalid_body', `${path}: ${message}`, { details: { code: 'invalid_event', message, path } });
}
