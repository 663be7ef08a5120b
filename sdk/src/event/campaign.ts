import { attempt } from '../attempt.ts';
import { now } from '../clock.ts';
import { agrees } from '../person/consent.ts';
import { get, set } from '../person/store.ts';
import { toBagText } from './json-text.ts';

/** Parameters by which ad networks mark a click. */
export const clickIdNames =
  'gclid gclsrc dclid gbraid wbraid gad_source fbclid msclkid twclid ttclid li_fat_id mc_cid igshid rdt_cid epik qclid ScCid irclickid yclid';

/** How this page was arrived at: its address's UTM campaign and the ad networks' click ids, where there are any. */
interface Landing {
  campaign?: Record<string, string>;
  click_ids?: Record<string, string> | undefined;
}

let landing: Landing = {};

/**
 * Reads how the page was arrived at from its query string, which may begin with `?`. Gives what tells it from another
 * arrival, in characters that a cookie takes; '' where there is nothing. Never throws.
 */
export function readLanding(search: string): string {
  const query = new URLSearchParams(search);
  landing = {};
  const pick = (kind: keyof Landing, prefix: string, names: string) => {
    for (const name of names.split(' ')) {
      const value = query.get(prefix + name.replace('name', 'campaign'))?.slice(0, 500);
      if (value) landing[kind] = { ...landing[kind], [name]: value };
    }
  };
  pick('campaign', 'utm_', 'source medium name term content');
  pick('click_ids', '', clickIdNames);
  return encodeURIComponent(Object.values({ ...landing.campaign, ...landing.click_ids }).join()).slice(0, 200);
}

/** Leaves out what tells an ad network's click, where the visitor did not agree to ads. */
function withoutAds<T extends object>(touch: T): T {
  return agrees('ads') ? touch : { ...touch, click_ids: undefined };
}

/** Gives how this page was arrived at, as far as it may be told. */
export function getLanding(): Landing {
  return withoutAds(landing);
}

/** Gives what a page view bears: the first and the last landing that brought this visitor; keeps what this page adds. */
export function readTouches(): object | undefined {
  let touches: { first_touch: object; last_touch: object } | undefined = attempt(() => JSON.parse(get('touches')));
  if (Object.values(landing)[0]) {
    const last_touch = {
      ...(agrees('ads') === false ? withoutAds(landing) : landing),
      at: new Date(now()).toISOString(),
    };
    touches = { first_touch: touches?.first_touch ?? last_touch, last_touch };
    set('touches', toBagText(touches));
  }
  return touches && { first_touch: withoutAds(touches.first_touch), last_touch: withoutAds(touches.last_touch) };
}
