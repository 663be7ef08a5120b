import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePort } from '../../infra/runtime/test/find-free-port.ts';

/** A real Redis on a loopback port of its own, which keeps nothing. */
export interface RedisServer {
  readonly url: string;
  /** Stops it as a power cut would; `start` brings it back on the same port, empty. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Keeps it from answering, with its connections open. */
  freeze(): void;
  thaw(): void;
  close(): Promise<void>;
}

/**
 * Starts a Redis: on loopback, or at a `host` where `launch` puts the process that it becomes. Throws an error that names the command
 * to install one.
 */
export async function startRedis({
  host = '127.0.0.1',
  launch = [],
}: {
  readonly host?: string;
  readonly launch?: readonly string[];
} = {}): Promise<RedisServer> {
  const dir = mkdtempSync(join(tmpdir(), 'px-redis-'));
  const port = await findFreePort();
  let child: ChildProcess | null = null;
  const start = async () => {
    const options = ['--port', String(port), '--bind', host, '--protected-mode', 'no', '--save', '', '--dir', dir];
    const [command = '', ...args] = [...launch, 'redis-server', ...options];
    child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    await untilReady(child);
  };
  const kill = async () => {
    const ended = child;
    child = null;
    if (ended === null) return;
    const exited = new Promise((resolve) => ended.once('exit', resolve));
    ended.kill('SIGKILL');
    await exited;
  };
  await start();
  return {
    url: `redis://${host}:${port}`,
    start,
    kill,
    freeze: () => void child?.kill('SIGSTOP'),
    thaw: () => void child?.kill('SIGCONT'),
    async close() {
      await kill();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

function untilReady(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.once('error', (cause) => {
      reject(
        new Error('These tests need Redis, which is not there: run `apt-get install -y redis-server`.', { cause }),
      );
    });
    child.once('exit', (code) => reject(new Error(`redis-server ended with ${code}: ${said}`)));
    child.stdout?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('Ready to accept connections')) resolve();
    });
  });
}
