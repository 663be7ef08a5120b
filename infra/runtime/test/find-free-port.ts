import { findFreePorts } from './find-free-ports.ts';

/** Gives a loopback port that nobody listened on a moment ago. */
export async function findFreePort(): Promise<number> {
  const [port = 0] = await findFreePorts(1);
  return port;
}
