import type { EventContext } from '@px-platform/schemas/wire-event';
import { cutText } from './json-text.ts';

/** Parameters by which ad networks mark a click. */
const clickIdNames =
  'gclid gclsrc dclid gbraid wbraid gad_source fbclid msclkid twclid ttclid li_fat_id mc_cid igshid rdt_cid epik qclid ScCid irclickid yclid';

/** UTM campaign and the ad networks' click ids of an address, undefined where there is none. */
export type Touch = Pick<EventContext, 'campaign' | 'click_ids'>;

/** Reads the touch from a query string, which may begin with `?`. Never throws. */
export function readCampaign(search: string): { [K in keyof Touch]: Touch[K] | undefined } {
  const query = new URLSearchParams(search);
  const pick = (names: string, prefix: string) => {
    let found: Record<string, string> | undefined;
    for (const name of names.split(' ')) {
      const value = query.get((prefix + name).replace('_name', '_campaign'));
      if (value) found = { ...found, [name]: cutText(value, 500) };
    }
    return found;
  };
  return { campaign: pick('source medium name term content', 'utm_'), click_ids: pick(clickIdNames, '') };
}

/** Tells one campaign from another, in characters that a cookie takes; '' where there is none. */
export function toCampaignKey({ campaign, click_ids: clickIds }: ReturnType<typeof readCampaign>): string {
  const parts = [...Object.values(campaign ?? {}), ...Object.values(clickIds ?? {})];
  return cutText(encodeURIComponent(parts.join()), 200);
}
