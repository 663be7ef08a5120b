import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The engine behind HTTP, in a process of its own on a new folder; `stop` ends both. */
export interface TestServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts `chdb-http-server.ts`. Throws where it ends before it listens. */
export async function startTestServer(): Promise<TestServer> {
  const path = mkdtempSync(join(tmpdir(), 'px-server-'));
  const child = spawn(process.execPath, [join(import.meta.dirname, 'chdb-http-server.ts'), path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const port = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (line: Buffer) => resolve(line.toString().trim()));
    child.once('exit', (code) => reject(new Error(`the engine's server ended with ${code}`)));
  });
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
      rmSync(path, { recursive: true, force: true });
    },
  };
}
