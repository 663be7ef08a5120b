import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A line to the real server that loses answers: the server took what was sent, and its client is told 503. */
export interface LosingLine {
  readonly url: string;
  /** Loses the answers to the next `count` requests that the server accepts. */
  lose(count: number): void;
  /** Requests that bore a body, in the order in which they came; `isLost` says that the client was told 503. */
  readonly requests: readonly { readonly path: string; readonly body: Buffer; readonly isLost: boolean }[];
  close(): Promise<void>;
}

/** Opens the line on a loopback port of its own; all else goes through as it is. */
export async function openLosingLine(serverUrl: string): Promise<LosingLine> {
  const requests: { path: string; body: Buffer; isLost: boolean }[] = [];
  let left = 0;
  async function passOn(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const { host: _, connection: __, 'content-length': ___, 'transfer-encoding': ____, ...headers } = req.headers;
    const answer = await fetch(serverUrl + req.url, {
      method: req.method ?? 'GET',
      headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
      body: body.length === 0 ? null : body,
    });
    const isLost = answer.status === 200 && body.length > 0 && left > 0;
    if (isLost) left -= 1;
    if (body.length > 0) requests.push({ path: req.url ?? '', body, isLost });
    const kept = [...answer.headers].filter(([name]) => name.startsWith('access-control-') || name === 'content-type');
    res.writeHead(isLost ? 503 : answer.status, Object.fromEntries(kept));
    res.end(isLost ? '' : Buffer.from(await answer.arrayBuffer()));
  }
  const server = createServer((req, res) => {
    passOn(req, res).catch(() => res.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    lose: (count) => {
      left = count;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
