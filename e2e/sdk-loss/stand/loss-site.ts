import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const dist = new URL('../../../sdk/dist/', import.meta.url);

/** What the tag on a page says. */
export interface SiteSettings {
  readonly apiKey: string;
  readonly projectId: string;
  /** The collector, another origin than the site. */
  readonly endpoint: string;
}

/** What the page calls the events that are counted. */
export const countedEvent = 'counted';

/** The parts of a page that a scenario may set, as source text. */
export interface PageParts {
  /** Runs before the SDK's script arrives. */
  readonly before?: string;
  /** Runs after `PX.init`. */
  readonly after?: string;
  readonly body?: string;
}

/** A customer's site on an origin of its own: the SDK on every page but `/blank`. */
export interface LossSite {
  readonly url: string;
  /** Says how the pages look from now on. */
  setPages(parts: PageParts): void;
  /** How often a page has asked for `/signal/<name>`. */
  signals(name: string): number;
  /** How many pages with the SDK have been asked for. */
  loads(): number;
  close(): Promise<void>;
}

/**
 * Opens the site. A page tracks by `loss.track(from, count, make?)`: events numbered from `from` in their property `n`,
 * with the text that `make` gives, such as `loss.random(bytes)`.
 */
export async function openLossSite(settings: SiteSettings): Promise<LossSite> {
  const signals = new Map<string, number>();
  let parts: PageParts = {};
  let loads = 0;
  const server = createServer((req, res) => {
    const path = new URL(req.url ?? '/', 'http://site').pathname;
    if (path.startsWith('/sdk/')) return void sendScript(path.slice('/sdk/'.length));
    if (path === '/favicon.ico') return void res.writeHead(204).end();
    if (path.startsWith('/signal/')) {
      const name = path.slice('/signal/'.length);
      signals.set(name, (signals.get(name) ?? 0) + 1);
      return void res.writeHead(204).end();
    }
    if (path !== '/blank') loads += 1;
    const html = path === '/blank' ? blank : toHtml(settings, parts);
    res.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(html);

    function sendScript(name: string): void {
      const file = new URL(name, dist);
      if (!/^[\w.-]+\.js$/.test(name) || !existsSync(file)) return void res.writeHead(404).end();
      // A frame without an origin of its own asks as a stranger does.
      const headers = { 'Content-Type': 'text/javascript; charset=utf-8', 'Access-Control-Allow-Origin': '*' };
      res.writeHead(200, headers).end(readFileSync(file));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    setPages: (next) => {
      parts = next;
    },
    signals: (name) => signals.get(name) ?? 0,
    loads: () => loads,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A page without the SDK, which says that it is there: asking the browser again and again costs more. */
const blank = `<!doctype html><title>Elsewhere</title>
<script>addEventListener('load', () => fetch('/signal/blank'));</script>`;

function toHtml(settings: SiteSettings, { before = '', after = '', body = '' }: PageParts): string {
  return `<!doctype html><meta charset="utf-8"><title>Shop</title>
<script>${before}</script>
<script src="/sdk/px.js"></script>
<script>
PX.init(${JSON.stringify({ apiKey: settings.apiKey, projectId: settings.projectId, endpoint: settings.endpoint })});
const loss = {
  track(from, count, make) {
    for (let n = from; n < from + count; n += 1) PX.track('${countedEvent}', make ? { n, text: make() } : { n });
  },
  random: (length) => {
    let text = '';
    while (text.length < length) text += Math.random().toString(36).slice(2);
    return text.slice(0, length);
  },
};
${after}
</script>
${body}`;
}
