import type { EventContext } from '@px-platform/schemas/wire-event';
import { cutText } from './plain-json.ts';

const maxValueLength = 1_000;
const campaignKeys = {
  source: 'source',
  medium: 'medium',
  campaign: 'name',
  term: 'term',
  content: 'content',
} as const;
const clickIdKeys = [
  'gclid',
  'gbraid',
  'wbraid',
  'dclid',
  'fbclid',
  'msclkid',
  'ttclid',
  'twclid',
  'li_fat_id',
  'yclid',
];

/** Reads the UTM campaign and the ad networks' click ids from a query string; what is absent is left out. Never throws. */
export function readCampaign(search: string): Pick<EventContext, 'campaign' | 'click_ids'> {
  const query = new URLSearchParams(search);
  const campaign: NonNullable<EventContext['campaign']> = {};
  for (const [utm, field] of Object.entries(campaignKeys)) {
    const value = query.get(`utm_${utm}`);
    if (value) campaign[field] = cutText(value, maxValueLength);
  }
  const clickIds: Record<string, string> = {};
  for (const key of clickIdKeys) {
    const value = query.get(key);
    if (value) clickIds[key] = cutText(value, maxValueLength);
  }
  return {
    ...(Object.keys(campaign).length > 0 && { campaign }),
    ...(Object.keys(clickIds).length > 0 && { click_ids: clickIds }),
  };
}

/** Tells one campaign from another: source, medium, name and first click id; '' where there is none of them. */
export function toCampaignKey({ campaign, click_ids: clickIds }: EventContext): string {
  const parts = [campaign?.source, campaign?.medium, campaign?.name, Object.values(clickIds ?? {})[0]];
  return parts.some(Boolean) ? cutText(parts.map((part) => part ?? '').join('|'), maxValueLength) : '';
}
