import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A line to a ClickHouse server that lets every statement through and keeps some answers back. */
export interface WithholdingProxy {
  readonly url: string;
  /** From now on answers to statements that contain `part` are kept back; null lets all through. */
  withhold(part: string | null): void;
  /** How many answers are kept back. */
  held(): number;
  /** Sends the answers that were kept back, late. */
  release(): void;
  close(): Promise<void>;
}

/** Opens such a line on a free loopback port to the server at `url`. */
export async function openWithholdingProxy(url: string): Promise<WithholdingProxy> {
  const late: (() => void)[] = [];
  let withheld: string | null = null;
  const server = createServer((req, res) => {
    const target = request(new URL(req.url ?? '/', url), { method: req.method, headers: req.headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => {
        const send = (): void =>
          void res.writeHead(answer.statusCode ?? 500, answer.headers).end(Buffer.concat(chunks));
        if (
          withheld !== null &&
          decodeURIComponent(req.url ?? '')
            .replaceAll('+', ' ')
            .includes(withheld)
        )
          late.push(send);
        else send();
      });
    });
    // The engine goes on where its caller has gone; a caller whose engine has gone hears of it.
    res.on('error', () => undefined);
    target.on('error', () => res.destroy());
    req.pipe(target);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    withhold(part) {
      withheld = part;
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
