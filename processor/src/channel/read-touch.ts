import type { Campaign } from './campaign-key.ts';
import { clickSources } from './click-ids.ts';

const maxTagLength = 300;
const tagNames = ['source', 'medium', 'name'] as const;

/**
 * Reads a campaign that the SDK remembers of a visitor, `properties.first_touch` or `last_touch`: tags of at most 300
 * characters, and the click ids that are known. Null where it is none. Never throws.
 */
export function readTouch(touch: unknown): Campaign | null {
  if (typeof touch !== 'object' || touch === null) return null;
  const campaign = get(touch, 'campaign');
  const [utm_source = '', utm_medium = '', utm_campaign = ''] = tagNames.map((name) => toTag(get(campaign, name)));
  const click_ids = readKnownIds(get(touch, 'click_ids'));
  const isEmpty = utm_source + utm_medium + utm_campaign === '' && Object.keys(click_ids).length === 0;
  return isEmpty ? null : { utm_source, utm_medium, utm_campaign, click_ids };
}

function readKnownIds(given: unknown): Record<string, string> {
  const known: Record<string, string> = {};
  if (typeof given !== 'object' || given === null) return known;
  for (const name of Object.keys(given)) {
    const id = get(given, name);
    if (typeof id === 'string' && id !== '' && clickSources.has(name.toLowerCase())) known[name.toLowerCase()] = id;
  }
  return known;
}

function toTag(value: unknown): string {
  return typeof value === 'string' ? value.trim().slice(0, maxTagLength).toWellFormed() : '';
}

function get(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.getOwnPropertyDescriptor(value, key)?.value;
}
