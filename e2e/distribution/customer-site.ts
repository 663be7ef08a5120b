import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One page of a customer, with the headers it is sent with. */
export interface CustomerPage {
  readonly html: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A customer's site on a loopback port of its own, which passes `/measure/*` on to the collector, as a first-party proxy does. */
export interface CustomerSite {
  readonly url: string;
  close(): Promise<void>;
}

const proxied = '/measure/';

/** Opens the site. `pages` gives the page of a path; a path without one is 404. */
export async function openCustomerSite(
  collectorUrl: string,
  pages: (path: string) => CustomerPage | undefined,
): Promise<CustomerSite> {
  const server = createServer((req, res) => {
    const path = req.url ?? '/';
    if (path.startsWith(proxied)) {
      passOn(`${collectorUrl}/${path.slice(proxied.length)}`, req, res).catch(() => res.destroy());
      return;
    }
    const page = pages(path);
    if (page === undefined) return void res.writeHead(404).end();
    res.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', ...page.headers }).end(page.html);
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

async function passOn(url: string, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk);
  const answer = await fetch(url, {
    method: req.method ?? 'GET',
    headers: { 'Content-Type': req.headers['content-type'] ?? 'text/plain' },
    body: req.method === 'POST' ? Buffer.concat(chunks) : null,
    redirect: 'manual',
  });
  const kept = ['content-type', 'location', 'cache-control'].flatMap((name) => {
    const value = answer.headers.get(name);
    return value === null ? [] : [[name, value] as const];
  });
  res.writeHead(answer.status, Object.fromEntries(kept)).end(Buffer.from(await answer.arrayBuffer()));
}
