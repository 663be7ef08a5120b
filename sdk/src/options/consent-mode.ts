import type { Consent } from '../px.ts';

declare global {
  interface Window {
    /** Where Google Consent Mode v2 keeps its calls: `gtag('consent', 'default' | 'update', {...})`. */
    dataLayer?: unknown[];
  }
}

/**
 * Tells what Google Consent Mode v2 says, now and at each update: analytics by `analytics_storage`, ads by `ad_storage`
 * and `ad_user_data`. What it leaves out stays as it was. Never throws of itself.
 * Source: https://developers.google.com/tag-platform/security/guides/consent
 */
export function watchConsentMode(source: Pick<Window, 'dataLayer'>, onConsent: (consent: Consent) => void): void {
  source.dataLayer ??= [];
  const calls = source.dataLayer;
  const read = (call: unknown) => {
    const [command, kind, said] = Array.from(isList(call) ? call : []);
    if (command !== 'consent' || typeof said !== 'object' || !said) return;
    const consent: Consent = {};
    for (const [key, value] of Object.entries(said)) {
      if (key === 'analytics_storage') consent.analytics = value === 'granted';
      if (key === 'ad_storage' || key === 'ad_user_data') consent.ads = value === 'granted' && consent.ads !== false;
    }
    // A default that denies says that nobody was asked yet.
    if (kind === 'default' && !consent.analytics) delete consent.analytics;
    if (kind === 'default' && !consent.ads) delete consent.ads;
    onConsent(consent);
  };
  calls.forEach(read);
  const push = calls.push;
  calls.push = (...items) => {
    items.forEach(read);
    return push.apply(calls, items);
  };
}

/** gtag pushes its `arguments`, which is like an array and is none. */
function isList(value: unknown): value is ArrayLike<unknown> {
  return typeof value === 'object' && value !== null && 'length' in value;
}
