import { attempt } from '../attempt.ts';

/** As long as browsers keep a cookie: 400 days. Source: RFC 6265bis, 5.5. */
const maxAgeSeconds = 34_560_000;

/** The domain that takes this site's cookies, once it was found. */
let site: string | undefined;

/** Gives a cookie's value, or '' where there is none or cookies are denied. */
export function readCookie(name: string): string {
  return attempt(() => `; ${document.cookie}`.split(`; ${name}=`)[1]?.split(';')[0]) ?? '';
}

/**
 * Writes a cookie that all subdomains of the site share; '' removes it. The site's root is found by trying, from the short
 * to the long: a browser refuses a cookie for `co.uk` and takes one for `shop.co.uk`. `domain` spares the search, ''
 * keeps to this host. The value must need no escaping. Never throws.
 */
export function writeCookie(name: string, value: string, domain?: string): void {
  const labels = location.hostname.split('.');
  const known = domain ?? site;
  for (const scope of known === undefined
    ? [...labels.map((_, index) => labels.slice(-2 - index).join('.')), '']
    : [known]) {
    attempt(() => {
      // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store is not in all browsers, and answers later.
      document.cookie = `${name}=${value};path=/;samesite=lax;max-age=${value ? maxAgeSeconds : 0}${scope && `;domain=${scope}`}${
        location.protocol > 'https' ? ';secure' : ''
      }`;
    });
    if (known === undefined && value && readCookie(name) === value) {
      site = scope;
      return;
    }
  }
}
