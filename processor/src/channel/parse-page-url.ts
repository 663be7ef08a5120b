/** What a URL of a page says; '' for what it lacks. `search` keeps its '?'. */
export interface PageUrl {
  /** The URL as given, but for a user name and password in it. */
  readonly url: string;
  /** Lower case, without port, international names in punycode, as browsers send them. */
  readonly host: string;
  readonly path: string;
  readonly search: string;
}

/**
 * Reads an http(s) URL, or a path alone ('/pricing?a=b'). Anything else, malformed or of another scheme, is
 * kept as text in `url` and has no parts. Never throws; what the wire lets through (8,192 characters) is
 * the only bound. Source: https://url.spec.whatwg.org
 */
export function parsePageUrl(text: string): PageUrl {
  if (text === '') return nothing;
  const isPath = text.startsWith('/') && !text.startsWith('//');
  const parsed = isPath ? URL.parse(text, 'http://path.invalid') : URL.parse(text);
  if (parsed === null || !isWeb(parsed)) return { ...nothing, url: text };
  return {
    url: parsed.username === '' && parsed.password === '' ? text : withoutLogin(parsed),
    host: isPath ? '' : parsed.hostname,
    path: parsed.pathname,
    search: parsed.search,
  };
}

const nothing: PageUrl = { url: '', host: '', path: '', search: '' };

/**
 * Gives the host of a referrer: of http(s), or the package's name of `android-app://com.example/`, which
 * Android browsers send for a link in an app. '' for anything else. Never throws.
 */
export function parseReferrerHost(text: string): string {
  if (text === '') return '';
  const parsed = URL.parse(text);
  if (parsed === null) return '';
  return isWeb(parsed) || parsed.protocol === 'android-app:' ? parsed.hostname : '';
}

function isWeb(url: URL): boolean {
  return url.protocol === 'https:' || url.protocol === 'http:';
}

function withoutLogin(url: URL): string {
  url.username = '';
  url.password = '';
  return url.href;
}
