import { spawn } from 'node:child_process';

/** Runs a command to its end. Throws with what it was for and the end of what it said where it fails. */
export async function runCommand(
  purpose: string,
  command: readonly [string, ...string[]],
  options: { cwd: string; env?: Readonly<Record<string, string>> | undefined },
): Promise<void> {
  const [file, ...args] = command;
  const child = spawn(file, args, {
    cwd: options.cwd,
    env: { ...process.env, NODE_ENV: undefined, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-4_000);
    });
  }
  const code = await new Promise<number | string | null>((resolve) => {
    child.once('error', ({ message }) => resolve(message));
    child.once('close', (status, signal) => resolve(status ?? signal));
  });
  if (code !== 0) {
    throw new Error(`${purpose} failed: \`${command.join(' ')}\` in ${options.cwd} ended with ${code}:\n${output}`);
  }
}
