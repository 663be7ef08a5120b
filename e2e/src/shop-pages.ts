import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const sdk = new URL('../../sdk/', import.meta.url);

/** What a page is made of, as source text. */
export interface PageParts {
  /** Script that runs before the SDK's file is asked for. */
  readonly before?: string;
  /** An object of `init` options beside key, project and endpoint. */
  readonly options?: string;
  /** In place of the script tag and the call of `init`. */
  readonly tag?: string;
  /** HTML after the tag, in the head. */
  readonly head?: string;
  readonly body?: string;
}

/** A shop's pages on an origin of their own: the SDK's files at the root, `/blank` without it, else a page with it. */
export interface ShopPages {
  readonly port: number;
  /** Says how pages look from now on, by path; files of these names are not there. */
  show(toParts: (path: string) => PageParts, settings: Settings, missing?: readonly string[]): void;
  /** Paths of what was asked for, in order. */
  readonly asked: readonly string[];
  close(): Promise<void>;
}

/** What every page's `init` is given. */
export interface Settings {
  readonly apiKey: string;
  readonly projectId: string;
  readonly endpoint: string;
}

/** Opens the pages. Throws where the SDK's built files are older than its source. */
export async function openShopPages(): Promise<ShopPages> {
  const files = readBuiltFiles();
  const asked: string[] = [];
  let toHtml: (path: string) => string = () => '';
  let absent: readonly string[] = [];
  const server = createServer((req, res) => {
    const { pathname } = new URL(req.url ?? '/', 'http://shop');
    asked.push(pathname);
    const file = files.get(pathname.slice(1));
    if (absent.includes(pathname.slice(1)) || pathname === '/favicon.ico') return void res.writeHead(404).end();
    // As the server does, since a tag may ask with CORS.
    const headers = { 'Content-Type': 'text/javascript', 'Access-Control-Allow-Origin': '*' };
    if (file) return void res.writeHead(200, headers).end(file);
    const html = pathname === '/blank' ? '<!doctype html><title>Elsewhere</title>' : toHtml(pathname);
    res.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(html);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    asked,
    show: (toParts, settings, missing = []) => {
      toHtml = (path) => writePage(path, toParts(path), settings);
      absent = missing;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function writePage(path: string, { before = '', options = '{}', tag, head = '', body = '' }: PageParts, at: Settings) {
  const settings = `window.settings = ${JSON.stringify({ ...at })};`;
  const usual = `<script src="/px.js"></script><script>PX.init({ ...settings, ...${options} })</script>`;
  return `<!doctype html><meta charset="utf-8"><title>Shop ${path}</title>
<script>${settings}${before}</script>${tag ?? usual}${head}<body>${body}`;
}

function readBuiltFiles(): ReadonlyMap<string, string> {
  const dist = new URL('dist/', sdk);
  const newest = Math.max(
    ...readdirSync(new URL('src/', sdk), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'))
      .map((path) => statSync(new URL(`src/${path}`, sdk)).mtimeMs),
  );
  if ((statSync(new URL('px.js', dist), { throwIfNoEntry: false })?.mtimeMs ?? 0) < newest) {
    throw new Error('sdk/dist is missing or older than sdk/src: run `pnpm --filter @px-platform/sdk build`.');
  }
  const names = readdirSync(dist).filter((name) => /\.m?js$/.test(name));
  return new Map(names.map((name) => [name, readFileSync(new URL(name, dist), 'utf8')]));
}
