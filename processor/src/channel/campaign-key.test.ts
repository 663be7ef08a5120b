import { expect, test } from 'vitest';
import { toCampaignKey } from './campaign-key.ts';

const none = { utm_source: '', utm_medium: '', utm_campaign: '', click_ids: {} };

test.each([
  [{}, ''],
  [{ utm_source: 'google', utm_medium: 'cpc', utm_campaign: 'brand' }, 'google|cpc|brand|'],
  [{ utm_campaign: 'brand' }, '||brand|'],
  [{ click_ids: { gclid: 'g1', fbclid: 'f1' } }, '|||g1'],
  [{ utm_source: 'google', click_ids: { gclid: 'g1' } }, 'google|||g1'],
])('gives the key of %j', (campaign, key) => {
  expect(toCampaignKey({ ...none, ...campaign })).toBe(key);
});
