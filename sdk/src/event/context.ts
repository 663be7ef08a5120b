import { attempt } from '../attempt.ts';
import { type Agreed, agrees } from '../person/consent.ts';
import type { Person } from '../person/person.ts';
import { get } from '../person/store.ts';
import { scrub } from '../privacy/scrub.ts';
import { getLanding } from './campaign.ts';
import { toBagText } from './json-text.ts';
import { keepText } from './keep-text.ts';
import { library } from './library.ts';

/** The address from which the page at hand was reached. */
let cameFrom: string | undefined;
const keepPage = keepText();
const keepShared = keepText();

/** Says from where the page at hand was reached inside the site. */
export function setReferrer(url: string): void {
  cameFrom = url;
}

/** Gives the JSON of the page at hand, without its secrets; the same text while nothing in it changed. */
export function readPage(ads = agrees('ads')): string {
  const { href } = location;
  const referrer = cameFrom ?? document.referrer;
  // A form field named "title" hides the document's.
  const title = attempt(() => `${document.title}`);
  return keepPage([href, title, referrer, ads].join(), () => {
    const { pathname, search } = location;
    return scrub(
      toBagText({ url: href, path: pathname, search: search || undefined, referrer: referrer || undefined, title }),
    );
  });
}

declare const Temporal: { readonly Now: { timeZoneId(): string } };

/** The first use of `Intl` in a renderer takes 20 ms and more; `Temporal` answers at once, where it is. */
function readTimezone(): string | undefined {
  return attempt(() => Temporal.Now.timeZoneId()) ?? attempt(() => Intl.DateTimeFormat().resolvedOptions().timeZone);
}

/**
 * Gives the JSON of what a batch's events share: person, session, context but for the page. Sizes in CSS pixels. The same text while
 * nothing in it changed, so that a batch can tell what its events share.
 */
export function readShared([anonymous_id, session_id]: Person, { analytics, ads }: Agreed): string {
  const user_id = get('user_id') || undefined;
  return keepShared([anonymous_id, session_id, user_id, analytics, ads].join(), () => {
    const context = {
      library,
      screen: { width: screen.width, height: screen.height, density: devicePixelRatio },
      viewport: { width: innerWidth, height: innerHeight },
      locale: navigator.language,
      // Said only where it holds: a program drives the browser (Selenium, Playwright, Puppeteer).
      client_hints: navigator.webdriver ? { webdriver: '?1' } : undefined,
      timezone: readTimezone(),
      ...getLanding(),
      consent: { analytics, ads },
    };
    return toBagText({ anonymous_id, session_id, user_id, context });
  });
}
