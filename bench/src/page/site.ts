import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A site of one empty page, which the browser keeps apart from others, so that its clock ticks every 5 µs. */
export interface BenchSite {
  readonly url: string;
  /** Serves a text as a script under a path from now on. */
  serve(path: string, script: string): void;
  close(): Promise<void>;
}

/** `performance.now` counts 5 µs in a cross-origin isolated page and 100 µs in others. Source: HR Time, coarsen time. */
const isolation = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };

/** Opens the site on a free port of loopback. */
export async function openBenchSite(html = '<!doctype html><title>bench</title>'): Promise<BenchSite> {
  const scripts = new Map<string, string>();
  const server = createServer((req, res) => {
    const path = req.url?.split('?', 1)[0] ?? '';
    const script = scripts.get(path);
    if (script !== undefined) {
      res.writeHead(200, { ...isolation, 'Content-Type': 'text/javascript', 'Cache-Control': 'no-store' }).end(script);
    } else if (/\.\w+$/.test(path)) {
      res.writeHead(404, isolation).end();
    } else {
      res.writeHead(200, { ...isolation, 'Content-Type': 'text/html' }).end(html);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    serve: (path, script) => scripts.set(path, script),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
