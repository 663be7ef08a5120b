import { z } from 'zod';
import type { EventRow } from './event-row.ts';
import type { WireEvent } from './wire-event.ts';
import { singleEventSchema } from './wire-event-schema.ts';

/** What the pipeline made of a user agent and an address that an export no longer holds: columns of its row. */
export interface KnownFacts {
  readonly device: Pick<
    EventRow,
    | 'browser'
    | 'browser_version'
    | 'engine'
    | 'os'
    | 'os_version'
    | 'device'
    | 'device_brand'
    | 'device_model'
    | 'is_bot'
    | 'bot_signal'
  >;
  readonly place: Pick<
    EventRow,
    'continent' | 'country' | 'region' | 'city' | 'geo_timezone' | 'latitude' | 'longitude'
  >;
}

/** What a server finds out of an event when it first comes; an export tells it of those that came elsewhere, or before. */
export interface ImportFacts {
  /** RFC 3339 with offset, the collector's clock. Default, and latest: now. */
  received_at?: string;
  /** RFC 3339 with offset, the client's clock at sending. */
  sent_at?: string;
  /** The visitor's address. */
  ip?: string;
  user_agent?: string;
  /** Goes before what address and user agent would give. */
  known?: KnownFacts;
}

/** An event as `POST /api/v1/events/import` takes it. */
export type ImportEvent = WireEvent & ImportFacts;

const instant = z.iso.datetime({ offset: true });
const text = z.string().max(200).default('');
const knownSchema = z.object({
  device: z.object({
    browser: text,
    browser_version: text,
    engine: text,
    os: text,
    os_version: text,
    device: text,
    device_brand: text,
    device_model: text,
    is_bot: z.boolean().default(false),
    bot_signal: text,
  }),
  place: z.object({
    continent: text,
    country: text,
    region: text,
    city: text,
    geo_timezone: text,
    latitude: z.number().min(-90).max(90).nullable().default(null),
    longitude: z.number().min(-180).max(180).nullable().default(null),
  }),
}) satisfies z.ZodType<KnownFacts>;
const facts = z.object({
  received_at: instant.optional(),
  sent_at: instant.optional(),
  ip: z.union([z.ipv4(), z.ipv6()]).optional(),
  user_agent: z.string().max(2_000).optional(),
  known: knownSchema.optional(),
});

/** Parses what stands beside an imported event's own fields; other keys are dropped. */
export const importFactsSchema = facts as unknown as z.ZodType<ImportFacts, unknown>;

/** Tells what an imported event looks like. */
export const importEventSchema = singleEventSchema.omit({ api_key: true }).extend(facts.shape);
