import { openChild } from './child.ts';

/** The bare server, in a process of its own. */
export interface BareServer {
  readonly url: string;
  readonly pid: number;
  close(): Promise<void>;
}

/** Starts the bare server on a free port of loopback. */
export async function openBareServer(): Promise<BareServer> {
  const child = openChild(new URL('./bare-server.ts', import.meta.url));
  const { port } = await child.ask<{ port: number }>({});
  return { url: `http://127.0.0.1:${port}/`, pid: child.pid, close: () => child.close() };
}
