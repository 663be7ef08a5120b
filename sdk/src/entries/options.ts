import { watchConsentMode } from '../options/consent-mode.ts';
import { decorateLinks } from '../options/decorate-links.ts';
import { keepMetaCookies } from '../options/meta-cookies.ts';
import { watchTcf } from '../options/tcf.ts';
import type { InitOptions, Px } from '../px.ts';

/** Starts what few sites ask for, and none need before the page is there. A file of its own, fetched where an option asks. */
export function startOptions(px: Px, options: InitOptions, hasAds: () => boolean): void {
  if (options.consentMode) watchConsentMode(window, px.setConsent);
  if (options.tcf) watchTcf(window, px.setConsent);
  if (options.decorateParameter) decorateLinks(px, options.decorateParameter);
  if (options.metaCookies) {
    const fbclid = new URLSearchParams(location.search).get('fbclid');
    px.use({
      name: 'meta_cookies',
      event: (event) => {
        if (!hasAds()) return;
        const moment = { now: Date.now(), random: Math.random() };
        event.properties = { ...keepMetaCookies(options.cookieDomain, fbclid, moment), ...event.properties };
      },
    });
  }
}
