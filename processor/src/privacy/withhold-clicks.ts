import type { EventContext } from '@px-platform/schemas';
import { hideClicks, hideClickValues, redacted } from './identifying.ts';
import type { Bag } from './remove-from.ts';

/** Gives the context without the values of click ids, and with `consent.ads` false. */
export function toContextWithoutClicks(context: EventContext): EventContext {
  const { page, click_ids } = context;
  const hidden: EventContext = { ...context, consent: { ...context.consent, ads: false } };
  if (page !== undefined) {
    const { url, search, referrer } = page;
    hidden.page = {
      ...page,
      ...(url === undefined ? {} : { url: hideClicks(url) }),
      ...(search === undefined ? {} : { search: hideClicks(search) }),
      ...(referrer === undefined ? {} : { referrer: hideClicks(referrer) }),
    };
  }
  if (click_ids !== undefined) hidden.click_ids = hideClickValues(click_ids);
  return hidden;
}

/** Gives the properties without the values of click ids in the touches that the SDK remembers, and without Meta's cookies. */
export function toPropertiesWithoutClicks(properties: Bag): Bag {
  const { fbp: _fbp, fbc: _fbc, ...kept } = properties;
  const hidden: Record<string, unknown> = kept;
  for (const name of ['first_touch', 'last_touch']) {
    const touch = hidden[name];
    if (isBag(touch) && isBag(touch['click_ids'])) {
      const names = Object.keys(touch['click_ids']);
      hidden[name] = { ...touch, click_ids: Object.fromEntries(names.map((key) => [key, redacted])) };
    }
  }
  return hidden;
}

function isBag(value: unknown): value is Bag {
  return typeof value === 'object' && value !== null;
}
