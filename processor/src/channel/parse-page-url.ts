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
  const parsed = isPath ? URL.parse(text, 'http://path.invalid') : parseWebUrl(text);
  if (parsed === null) return { ...nothing, url: text };
  return {
    url: parsed.username === '' && parsed.password === '' ? text : withoutLogin(parsed),
    host: isPath ? '' : toHost(parsed.hostname),
    path: parsed.pathname,
    search: parsed.search,
  };
}

const nothing: PageUrl = { url: '', host: '', path: '', search: '' };

/**
 * Reads a referrer: its URL as `parsePageUrl` keeps it, and its host, of http(s) or the package's name of
 * `android-app://com.example/`, which Android browsers send for a link in an app. Never throws.
 */
export function parseReferrer(text: string): Pick<PageUrl, 'url' | 'host'> {
  const appPackage = /^android-app:\/\/([\w.]{1,253})(?:\/|$)/.exec(text)?.[1];
  return appPackage === undefined ? parsePageUrl(text) : { url: text, host: toHost(appPackage) };
}

/** A longer host than DNS allows (253 characters, and room for a login) is not parsed: 8 KB of punycode take 10 ms. */
const webUrlStart = /^https?:\/\/[^/?#\\]{1,500}(?:[/?#\\]|$)/i;

function parseWebUrl(text: string): URL | null {
  return webUrlStart.test(text) ? URL.parse(text) : null;
}

/** `example.com.` is `example.com`. */
function toHost(hostname: string): string {
  return (hostname.endsWith('.') ? hostname.slice(0, -1) : hostname).toLowerCase();
}

function withoutLogin(url: URL): string {
  url.username = '';
  url.password = '';
  return url.href;
}
