import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { findPort } from './find-port.ts';

/** A Redis on a loopback port of its own, which keeps nothing. */
export interface Redis {
  readonly url: string;
  close(): Promise<void>;
}

/** Starts Debian's `redis-server`. Throws where it is not there. */
export async function openRedis(): Promise<Redis> {
  const port = await findPort();
  const child = spawn(
    'redis-server',
    ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const abandon = (): void => void child.kill('SIGKILL');
  process.once('exit', abandon);
  await new Promise<void>((resolve, reject) => {
    child.once('error', (cause) => reject(new Error('Redis is wanted: apt-get install -y redis-server', { cause })));
    child.once('exit', (code) => reject(new Error(`redis-server ended with ${code}.`)));
    child.stdout.on('data', (chunk: Buffer) => {
      if (chunk.includes('Ready to accept connections')) resolve();
    });
  });
  return {
    url: `redis://127.0.0.1:${port}`,
    async close() {
      process.off('exit', abandon);
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}
