import type { EventRow } from '@px-platform/schemas';

/** A row of `sessions_v`; instants are RFC 3339. */
export interface SessionRow {
  readonly start_at: string;
  readonly [column: string]: unknown;
}

/** What `sessions_v` gives of these events, worked out slowly: by person, start and id. */
export function toSessionRows(rows: readonly EventRow[]): SessionRow[] {
  const sessions = Map.groupBy(rows, (row) => `${row.person_key} ${row.session_id}`);
  return [...sessions.values()]
    .map(toSessionRow)
    .sort((a, b) =>
      compare([a['person_key'], a.start_at, a['session_id']], [b['person_key'], b.start_at, b['session_id']]),
    );
}

function toSessionRow(rows: readonly EventRow[]): SessionRow {
  const inOrder = rows.toSorted((a, b) => a.timestamp - b.timestamp || a._offset - b._offset);
  const views = inOrder.filter(({ event }) => event === 'page_view');
  const touches = inOrder.filter(({ channel }) => channel !== 'direct');
  const [first, last] = [inOrder[0], inOrder.at(-1)];
  const [entry, exit, touch] = [views[0] ?? first, views.at(-1) ?? last, touches.at(-1) ?? last];
  if (!first || !last || !entry || !exit || !touch) throw new Error('a session has an event');
  const engaged_ms = rows
    .filter(({ event }) => event === 'scroll')
    .map(({ properties }) => Math.trunc(Number(properties['engaged_ms'] ?? 0)))
    .filter((ms) => ms > 0 && ms <= 86_400_000)
    .reduce((sum, ms) => sum + ms, 0);
  return {
    project_id: first.project_id,
    session_id: first.session_id,
    person_key: first.person_key,
    start_at: new Date(first.timestamp).toISOString(),
    end_at: new Date(last.timestamp).toISOString(),
    duration_ms: last.timestamp - first.timestamp,
    engaged_ms,
    events: rows.length,
    page_views: views.length,
    is_bounce: views.length <= 1 && engaged_ms < 10_000,
    entry_path: entry.path,
    exit_path: exit.path,
    channel: entry.channel,
    utm_source: entry.utm_source,
    utm_medium: entry.utm_medium,
    utm_campaign: entry.utm_campaign,
    referrer_host: entry.referrer_host,
    last_channel: touch.channel,
    last_utm_source: touch.utm_source,
    last_utm_medium: touch.utm_medium,
    last_utm_campaign: touch.utm_campaign,
    last_referrer_host: touch.referrer_host,
    country: entry.country,
    region: entry.region,
    city: entry.city,
    device: entry.device,
    browser: entry.browser,
    os: entry.os,
    is_bot: entry.is_bot,
  };
}

function compare(a: readonly unknown[], b: readonly unknown[]): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
}
