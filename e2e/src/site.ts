import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const sdk = new URL('../../sdk/', import.meta.url);

/** A customer's site: one page at every path, with the SDK's files beside it, such as `/px.js`. */
export interface Site {
  readonly url: string;
  close(): Promise<void>;
}

/** Opens a site on a loopback port of its own. `toHtml` gives the page of a path. */
export async function openSite(toHtml: (path: string) => string): Promise<Site> {
  const files = new Map(['px.js', 'px-gzip.js', 'px-options.js'].map((name) => [`/${name}`, readSdkFile(name)]));
  const server = createServer((req, res) => {
    const path = req.url ?? '/';
    const script = files.get(path);
    // As the server does: the snippet asks with CORS, also from a sandboxed frame.
    const headers = { 'Content-Type': 'text/javascript', 'Access-Control-Allow-Origin': '*' };
    if (script) return void res.writeHead(200, headers).end(script);
    if (path === '/favicon.ico') return void res.writeHead(204).end();
    res.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(toHtml(path));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Reads a built file of the SDK. Throws where it is missing or older than the source, naming the command that builds it. */
function readSdkFile(name: string): string {
  const file = new URL(`dist/${name}`, sdk);
  const builtAt = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const sources = readdirSync(new URL('src/', sdk), { recursive: true, encoding: 'utf8' }).filter(
    (path) => path.endsWith('.ts') && !path.endsWith('.test.ts'),
  );
  const newest = Math.max(...sources.map((path) => statSync(new URL(`src/${path}`, sdk)).mtimeMs));
  if (builtAt < newest) {
    throw new Error(`sdk/dist/${name} is missing or older than sdk/src: run \`pnpm --filter @px-platform/sdk build\`.`);
  }
  return readFileSync(file, 'utf8');
}

/** Gives the script-tag snippet of the SDK's README for an endpoint and a site's own copy of the file. */
export function readSnippet(endpoint: string): string {
  const readme = readFileSync(new URL('README.md', sdk), 'utf8');
  const snippet = /```html\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
  return snippet
    .replace('https://px.example.com/sdk/px.js', '/px.js')
    .replace('https://px.example.com', endpoint)
    .replace('px_pub_live_...', 'px_pub_test_key')
    .replace('projectId:"..."', 'projectId:"demo"');
}
