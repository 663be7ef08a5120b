import { z } from 'zod';
import { eventLimits } from './limits.ts';
import type { EventContext, WireEvent } from './wire-event.ts';

type Shape<T> = z.ZodType<T, unknown>;

const text = z.string().max(eventLimits.maxStringLength);
const size = z.number().min(0).max(1e6);
const personId = z.string().trim().min(1).max(eventLimits.maxPersonIdLength);
const bag = z.record(z.string(), z.unknown());

/** Parses `context`; unknown keys are dropped, since only the named ones have a column. */
export const eventContextSchema = z.object({
  page: z.object({ url: text, path: text, referrer: text, title: text, search: text }).partial().optional(),
  screen: z.object({ width: size, height: size, density: size }).partial().optional(),
  viewport: z.object({ width: size, height: size }).partial().optional(),
  locale: z.string().max(100).optional(),
  timezone: z.string().max(100).optional(),
  library: z
    .object({ name: z.string().max(100), version: z.string().max(100) })
    .partial()
    .optional(),
  campaign: z.object({ source: text, medium: text, name: text, term: text, content: text }).partial().optional(),
  click_ids: z.record(z.string().max(50), z.string().max(1_000)).optional(),
  client_hints: z.record(z.string().max(50), z.string().max(1_000)).optional(),
  consent: z.object({ analytics: z.boolean(), ads: z.boolean() }).partial().optional(),
}) as unknown as Shape<EventContext>;

const event = z.object({
  event: z.string().trim().min(1).max(eventLimits.maxEventNameLength),
  event_id: z.guid().toLowerCase().optional(),
  timestamp: z.iso.datetime({ offset: true }).optional(),
  anonymous_id: personId.optional(),
  user_id: personId.optional(),
  session_id: z.guid().toLowerCase().optional(),
  traits: bag.optional(),
  properties: bag.optional(),
  context: eventContextSchema.optional(),
});

/** Parses one event's shape. Depth and key counts of the bags are `cleanBag`'s part. */
export const wireEventSchema = event as unknown as Shape<WireEvent>;

/** Tells what the body of the route of one event looks like: what a batch has around its events stands beside its fields. */
export const singleEventSchema = event.extend({
  sent_at: z.iso.datetime({ offset: true }).optional(),
  api_key: z.string().max(200).optional(),
});

/** Tells what the body of a named route looks like: the name may be left out, ids of these routes may stand beside the fields. */
export const namedEventSchema = singleEventSchema.extend({
  event: event.shape.event.optional(),
  group_id: personId.optional(),
  previous_id: personId.optional(),
});

/** Parses what stands beside `events` in a batch; the events are parsed one by one. */
export const batchEnvelopeSchema = z.object({
  sent_at: z.iso.datetime({ offset: true }).optional(),
  api_key: z.string().max(200).optional(),
  anonymous_id: personId.optional(),
  user_id: personId.optional(),
  session_id: z.guid().toLowerCase().optional(),
  context: eventContextSchema.optional(),
  events: z.array(z.unknown()),
});
