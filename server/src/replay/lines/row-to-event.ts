import { readUuidV7Time } from '@px-platform/runtime';
import type { EventContext, ImportEvent, RowAnswer } from '@px-platform/schemas';

/**
 * Gives the event that a row of our own export came from, so that the pipeline makes the same row of it again: the same day,
 * id and person, thus the same sorting key, the same instants, and device and place as they were found then. Never throws.
 */
export function rowToEvent(row: RowAnswer): ImportEvent {
  const { anonymous_id, user_id, clock_error_ms, ip, received_at } = row;
  const sentAt = clock_error_ms === 0 ? {} : { sent_at: toText(Date.parse(received_at) - clock_error_ms) };
  return {
    event: row.event,
    event_id: row.event_id,
    ...toTimestamp(row),
    ...(anonymous_id === '' ? {} : { anonymous_id }),
    ...(user_id === '' ? {} : { user_id }),
    session_id: row.session_id,
    properties: row.properties,
    ...(isEmpty(row.traits) ? {} : { traits: row.traits }),
    context: toContext(row),
    received_at,
    ...sentAt,
    ...(ip === '' ? {} : { ip }),
    known: toKnown(row),
  };
}

/**
 * The client's own time, which the clock stage corrected by the error that it found. Where there was none, or it lay in the
 * future, the row has the time of receipt: then the day, which comes of the client's claim, tells which.
 */
function toTimestamp(row: RowAnswer): { timestamp?: string } {
  const at = Date.parse(row.timestamp);
  const own = toText(at - row.clock_error_ms);
  if (own.slice(0, 10) === row.day || row.timestamp !== row.received_at) return { timestamp: own };
  const inId = readUuidV7Time(row.event_id) ?? 0;
  if (toText(inId).slice(0, 10) === row.day) return {};
  return { timestamp: `${row.day}T23:59:59.999Z` };
}

function toContext(row: RowAnswer): EventContext {
  const { url, path, referrer, title, search, locale, timezone } = row;
  const [first, other] = [row.consent_analytics, row.consent_ads];
  return dropEmpty({
    page: dropEmpty({ url, path, referrer, title, search }),
    screen: dropEmpty({ width: row.screen_width, height: row.screen_height, density: row.screen_density }),
    viewport: dropEmpty({ width: row.viewport_width, height: row.viewport_height }),
    locale,
    timezone,
    library: dropEmpty({ name: row.library_name, version: row.library_version }),
    campaign: dropEmpty({
      source: row.utm_source,
      medium: row.utm_medium,
      name: row.utm_campaign,
      term: row.utm_term,
      content: row.utm_content,
    }),
    click_ids: row.click_ids,
    consent: {
      ...(first === '' ? {} : { analytics: first === 'granted' }),
      ...(other === '' ? {} : { ads: other === 'granted' }),
    },
  });
}

function toKnown(row: RowAnswer): NonNullable<ImportEvent['known']> {
  const { browser, browser_version, engine, os, os_version, device, device_brand, device_model } = row;
  const { is_bot, bot_signal, continent, country, region, city, geo_timezone, latitude, longitude } = row;
  return {
    device: {
      browser,
      browser_version,
      engine,
      os,
      os_version,
      device,
      device_brand,
      device_model,
      is_bot,
      bot_signal,
    },
    place: { continent, country, region, city, geo_timezone, latitude, longitude },
  };
}

function toText(at: number): string {
  return new Date(at).toISOString();
}

/** Leaves out what the row had no word on: '', 0 and {}. */
function dropEmpty<T extends object>(given: T): Partial<T> {
  const kept = Object.entries(given).filter(([, value]) => value !== '' && value !== 0 && !isEmpty(value));
  return Object.fromEntries(kept) as Partial<T>;
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}
