/**
 * One row of `events`: what the pipeline makes of one event. Instants are epoch ms; text that is not
 * known is ''. Field names are the column names. Source: contract 5.
 */
export interface EventRow {
  project_id: string;
  tenant_id: string;
  /** UTC day of the client's own time, `YYYY-MM-DD`: a resend repeats it, whatever its clock error. */
  day: string;
  event: string;
  event_id: string;
  anonymous_id: string;
  user_id: string;
  /** `anonymous_id` where there is one, else whoever it is; '' is nobody, who has no `anonymous_id`. */
  person_key: string;
  session_id: string;
  timestamp: number;
  received_at: number;
  clock_error_ms: number;
  is_late: boolean;
  request_id: string;
  key_prefix: string;
  schema_version: string;
  /** What the event has against its project's tracking plan, as `properties.price: type`. */
  schema_violation: string;
  /** The page's address; '' where none is known, and then `host` is ''. */
  url: string;
  host: string;
  path: string;
  search: string;
  title: string;
  referrer: string;
  referrer_host: string;
  channel: string;
  /** Who sent the visitor, as GA4 has it: `utm_source`, else the place behind click id or referrer, else '(direct)'. */
  source: string;
  /** How: `utm_medium`, else 'cpc', 'organic', 'referral', ...; '(none)' beside '(direct)'. */
  medium: string;
  utm_source: string;
  utm_medium: string;
  utm_campaign: string;
  utm_term: string;
  utm_content: string;
  click_ids: Record<string, string>;
  /** The campaign that first brought the visitor, as the SDK remembers it on a `page_view`; '' elsewhere. */
  first_touch_channel: string;
  first_touch_source: string;
  first_touch_medium: string;
  first_touch_campaign: string;
  /** The campaign that last brought the visitor, likewise: a direct visit doesn't change it. */
  last_touch_channel: string;
  last_touch_source: string;
  last_touch_medium: string;
  last_touch_campaign: string;
  browser: string;
  browser_version: string;
  engine: string;
  os: string;
  os_version: string;
  device: string;
  device_brand: string;
  device_model: string;
  is_bot: boolean;
  /** Why `is_bot`: 'user_agent', 'headless' or 'webdriver'. */
  bot_signal: string;
  /** AF, AN, AS, EU, NA, OC or SA. */
  continent: string;
  country: string;
  region: string;
  city: string;
  /** IANA timezone of the place; `timezone` is what the visitor's device says. */
  geo_timezone: string;
  /** Degrees, rounded to 0.1; null where not known. */
  latitude: number | null;
  longitude: number | null;
  ip: string;
  locale: string;
  timezone: string;
  screen_width: number;
  screen_height: number;
  screen_density: number;
  viewport_width: number;
  viewport_height: number;
  library_name: string;
  library_version: string;
  consent_analytics: ConsentState;
  consent_ads: ConsentState;
  properties: Record<string, unknown>;
  traits: Record<string, unknown>;
  retain_until: string;
  /** Identity of the log that held the event: offsets mean nothing across logs. */
  _log: string;
  _partition: number;
  _offset: number;
  _index: number;
  /** Among so many partitions of its log, its person's is `_partition`; 0 where that is not known. */
  _partition_count: number;
}

/** What the visitor said of one use of the data; '' where nothing was said. */
export type ConsentState = 'granted' | 'denied' | '';

/** The columns of a row in the order in which adapters write them: exactly the keys of `EventRow`. */
export const eventColumns = [
  'project_id',
  'tenant_id',
  'day',
  'event',
  'event_id',
  'anonymous_id',
  'user_id',
  'person_key',
  'session_id',
  'timestamp',
  'received_at',
  'clock_error_ms',
  'is_late',
  'request_id',
  'key_prefix',
  'schema_version',
  'schema_violation',
  'url',
  'host',
  'path',
  'search',
  'title',
  'referrer',
  'referrer_host',
  'channel',
  'source',
  'medium',
  'utm_source',
  'utm_medium',
  'utm_campaign',
  'utm_term',
  'utm_content',
  'click_ids',
  'first_touch_channel',
  'first_touch_source',
  'first_touch_medium',
  'first_touch_campaign',
  'last_touch_channel',
  'last_touch_source',
  'last_touch_medium',
  'last_touch_campaign',
  'browser',
  'browser_version',
  'engine',
  'os',
  'os_version',
  'device',
  'device_brand',
  'device_model',
  'is_bot',
  'bot_signal',
  'continent',
  'country',
  'region',
  'city',
  'geo_timezone',
  'latitude',
  'longitude',
  'ip',
  'locale',
  'timezone',
  'screen_width',
  'screen_height',
  'screen_density',
  'viewport_width',
  'viewport_height',
  'library_name',
  'library_version',
  'consent_analytics',
  'consent_ads',
  'properties',
  'traits',
  'retain_until',
  '_log',
  '_partition',
  '_offset',
  '_index',
  '_partition_count',
] as const satisfies readonly (keyof EventRow)[];

type Missing = Exclude<keyof EventRow, (typeof eventColumns)[number]>;
const noneMissing: [Missing] extends [never] ? true : never = true;
void noneMissing;

/** A record or row that could not be decoded or stored, kept with its original bytes for replay. */
export interface DeadLetter {
  reason: string;
  stage: string;
  message: string;
  project_id: string;
  log: string;
  partition: number;
  offset: number;
  /** The event's place in its record; -1 for the whole record. */
  index: number;
  received_at: number;
  /** Day after which it goes, `YYYY-MM-DD` in UTC; where left out, 90 days after `received_at`. */
  retain_until?: string;
  /** The original bytes, base64. */
  payload: string;
}
