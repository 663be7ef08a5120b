import { z } from 'zod';

/** Fields a question may filter or break down by, beside `properties.<path>`: the closed list. */
export const queryFields = [
  'event',
  'anonymous_id',
  'user_id',
  'person_key',
  'session_id',
  'host',
  'path',
  'url',
  'title',
  'referrer_host',
  'channel',
  'source',
  'medium',
  'utm_source',
  'utm_medium',
  'utm_campaign',
  'utm_term',
  'utm_content',
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
  'locale',
  'timezone',
  'library_name',
  'library_version',
  'schema_violation',
] as const;

/** A column of the closed list above. */
export type QueryField = (typeof queryFields)[number];

const propertyField = z
  .string()
  .max(400)
  .regex(/^properties\.[^`\\\p{Cc}]{1,390}$/u, 'is neither a known field nor properties.<path>');

/** A field of the closed list, or `properties.<path>`. */
export const fieldSchema = z.union([z.enum(queryFields), propertyField]);
