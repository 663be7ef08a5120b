import { attempt } from '../attempt.ts';

/** As long as browsers keep a cookie: 400 days. Source: RFC 6265bis, 5.5. */
const maxAgeSeconds = 34_560_000;

/** Short texts that all subdomains of a site share. Never throws; where cookies are denied it reads ''. */
export interface Cookies {
  readonly read: (name: string) => string;
  /** An empty text removes it. The value must need no escaping. */
  readonly write: (name: string, value: string) => void;
}

/**
 * Builds the cookies, named with `prefix`, of a site's root domain, which is found by trying, once: a browser refuses a cookie for `co.uk` and
 * takes one for `shop.co.uk`. `domain` overrides it, '' keeps cookies to this host. `page` may throw when touched.
 */
export function createCookies(
  page: { readonly document: { cookie: string }; readonly location: Pick<Location, 'hostname' | 'protocol'> },
  prefix: string,
  domain: string | undefined,
): Cookies {
  const { document, location } = page;
  const put = (name: string, value: string, seconds: number, scope: string) => {
    document.cookie = `${prefix + name}=${value};path=/;samesite=lax;max-age=${seconds}${scope && `;domain=${scope}`}${
      location.protocol > 'https' ? ';secure' : ''
    }`;
  };
  const read = (name: string) =>
    attempt(() => `; ${document.cookie}`.split(`; ${prefix + name}=`)[1]?.split(';')[0]) ?? '';
  const findDomain = () => {
    const labels = location.hostname.split('.');
    for (let count = 2; count <= labels.length; count += 1) {
      const scope = labels.slice(-count).join('.');
      put('root', '1', 1, scope);
      if (read('root')) return scope;
    }
    return '';
  };
  return {
    read,
    write: (name, value) =>
      attempt(() => {
        domain ??= findDomain();
        put(name, value, value ? maxAgeSeconds : 0, domain);
      }),
  };
}
