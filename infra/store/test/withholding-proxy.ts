import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A line to a ClickHouse server that keeps some answers back, or one statement. */
export interface WithholdingProxy {
  readonly url: string;
  /** From now on answers to statements that contain `part` are kept back; null lets all through. */
  withhold(part: string | null): void;
  /** Keeps the next statement that contains `part` from the server until `release`. */
  holdNext(part: string): void;
  /** How many answers and statements are kept back. */
  held(): number;
  /** Sends what was kept back, late. */
  release(): void;
  close(): Promise<void>;
}

/** Opens such a line on a free loopback port to the server at `url`. */
export async function openWithholdingProxy(url: string): Promise<WithholdingProxy> {
  const late: (() => void)[] = [];
  let withheld: string | null = null;
  let next: string | null = null;
  const server = createServer((req, res) => {
    if (next !== null && says(req.url, next)) {
      next = null;
      late.push(() => pass(req, res));
    } else pass(req, res);
  });
  function pass(req: IncomingMessage, res: ServerResponse): void {
    const target = request(new URL(req.url ?? '/', url), { method: req.method, headers: req.headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => {
        const send = (): void =>
          void res.writeHead(answer.statusCode ?? 500, answer.headers).end(Buffer.concat(chunks));
        if (withheld !== null && says(req.url, withheld)) late.push(send);
        else send();
      });
    });
    // The engine goes on where its caller has gone; a caller whose engine has gone hears of it.
    res.on('error', () => undefined);
    target.on('error', () => res.destroy());
    req.pipe(target);
  }
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    withhold(part) {
      withheld = part;
    },
    holdNext(part) {
      next = part;
    },
    held: () => late.length,
    release() {
      for (const send of late.splice(0)) send();
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function says(url: string | undefined, part: string): boolean {
  return decodeURIComponent(url ?? '')
    .replaceAll('+', ' ')
    .includes(part);
}
