import type { EventRow } from '@px-platform/schemas';

/** What of a row tells one campaign from another. */
export type Campaign = Readonly<Pick<EventRow, 'utm_source' | 'utm_medium' | 'utm_campaign' | 'click_ids'>>;

/**
 * Gives one text per campaign: source, medium, campaign and the first click id's value, joined by '|';
 * '' where there is none of them. A person who comes by another key starts another session. The store
 * says the same in SQL: `mapValues(click_ids)[1]` is the first click id, so its order counts.
 */
export function toCampaignKey({ utm_source, utm_medium, utm_campaign, click_ids }: Campaign): string {
  const clickId = firstValue(click_ids);
  if (utm_source === '' && utm_medium === '' && utm_campaign === '' && clickId === '') return '';
  return `${utm_source}|${utm_medium}|${utm_campaign}|${clickId}`;
}

function firstValue(values: Readonly<Record<string, string>>): string {
  for (const name in values) return values[name] ?? '';
  return '';
}
