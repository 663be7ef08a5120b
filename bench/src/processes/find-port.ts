import { once } from 'node:events';
import { createServer } from 'node:net';

/** Gives a loopback port that nobody listens on. */
export async function findPort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('No free port was given.');
  return address.port;
}
