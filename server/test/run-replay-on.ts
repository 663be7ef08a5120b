import { runReplay } from '../src/replay/run-replay.ts';
import { adminToken, type TestServer } from './test-server.ts';

/** Runs `replay` on a test's server, in a folder; time passes by what it waits. */
export async function runReplayOn(
  server: Pick<TestServer, 'url'>,
  args: readonly string[],
  {
    folder = '/nowhere',
    env = {},
    now: startedAt = 0,
  }: { folder?: string; env?: NodeJS.ProcessEnv; now?: number } = {},
): Promise<{ code: number; out: string; error: string; passedMs: number }> {
  let out = '';
  let error = '';
  let now = startedAt;
  const code = await runReplay(args, {
    env: { PX_URL: server.url, PX_ADMIN_TOKEN: adminToken, ...env },
    folder,
    writeOut: (text) => {
      out += text;
    },
    writeError: (text) => {
      error += text;
    },
    isTerminal: false,
    clock: () => now,
    wait: async (ms) => {
      now += ms;
    },
  });
  return { code, out, error, passedMs: now - startedAt };
}
