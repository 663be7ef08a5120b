/** What the page or app knew when the event happened. Source: contract 1. */
export interface EventContext {
  page?: { url?: string; path?: string; referrer?: string; title?: string; search?: string };
  screen?: { width?: number; height?: number; density?: number };
  viewport?: { width?: number; height?: number };
  locale?: string;
  timezone?: string;
  library?: { name?: string; version?: string };
  campaign?: {
    source?: string;
    medium?: string;
    name?: string;
    term?: string;
    content?: string;
  };
  click_ids?: Record<string, string>;
  client_hints?: Record<string, string>;
  consent?: { analytics?: boolean; ads?: boolean };
}

/** One event as a client sends it: JSON, snake_case. Source: contract 1. */
export interface WireEvent {
  /** Trimmed, 1..200 characters. */
  event: string;
  /** UUID, the SDK sends UUIDv7; one event per (project, event_id), for ever. */
  event_id?: string;
  /** RFC 3339 with offset, the client's clock. */
  timestamp?: string;
  /** 1..200 characters; at least one of `anonymous_id` and `user_id` stands on the event or its batch. */
  anonymous_id?: string;
  user_id?: string;
  session_id?: string;
  traits?: Record<string, unknown>;
  properties?: Record<string, unknown>;
  context?: EventContext;
}

/** What holds for each event of a batch that does not set it itself. */
export interface BatchDefaults {
  anonymous_id?: string;
  user_id?: string;
  session_id?: string;
  context?: EventContext;
}

/** A batch as a client sends it. `sent_at` is the client's clock at sending. */
export interface WireBatch extends BatchDefaults {
  events: WireEvent[];
  sent_at?: string;
  /** For `sendBeacon`, which can set no header. */
  api_key?: string;
}

/** The wire format's version where a client names none; semver. Source: contract 2. */
export const defaultSchemaVersion = '1.0.0';

/**
 * The wire format that these schemas describe: its minor grows with each field that is added, its major where a client has to
 * change. An event of any minor of this major is taken: what an older one lacks is optional, what a newer one adds is dropped.
 */
export const wireSchemaVersion = '1.0.0';
