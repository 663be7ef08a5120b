import { z } from 'zod';

/** Each is asked at a start, and is a node at the most: no cluster has so many front ends. */
const maxServers = 16;

const serverUrl = z.url({ protocol: /^https?$/ });

/**
 * `CLICKHOUSE_URL`: one URL, or several by comma. A comma that no URL follows belongs to the URL before it, as one in a password does.
 * Gives them in their order.
 */
export const serverUrlsSchema = z
  .string()
  .transform((list) => list.split(/,\s*(?=https?:\/\/)/).map((one) => one.trim()))
  .refine(
    (urls) => urls.every((url) => serverUrl.safeParse(url).success),
    'must be the URL of a server, http://user:password@host:8123/database, or several by comma',
  )
  .refine((urls) => urls.length <= maxServers, `names more than ${maxServers} servers`)
  .refine((urls) => new Set(urls.map(toServerName)).size === urls.length, 'names a server twice');

/** Gives host and port of a server, for messages and metrics: its URL holds a password. */
export function toServerName(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}
