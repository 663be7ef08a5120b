import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** What a child process left: its lines on standard output, and how it ended. */
export interface ChildEnd {
  readonly lines: readonly string[];
  /** What it wrote on standard error. */
  readonly errors: string;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Runs a script of this folder in a process of its own. `limitKiB` bounds each file it writes; `launch` is a command that becomes the process. */
export async function runInChild(
  script: string,
  args: readonly string[],
  options: { limitKiB?: number; launch?: readonly string[]; onLine?: (line: string, kill: () => void) => void } = {},
): Promise<ChildEnd> {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const node = [...(options.launch ?? []), process.execPath, '--no-warnings', path, ...args];
  // In blocks of 512 bytes. A soft limit only, so that the child may lift it again.
  const limit = options.limitKiB === undefined ? 'unlimited' : options.limitKiB * 2;
  const shell = ['sh', '-c', `ulimit -S -f ${limit}; exec "$@"`, 'sh', ...node];
  const [command = 'sh', ...rest] = shell;
  const child = spawn(command, rest, { stdio: ['ignore', 'pipe', 'pipe'] });
  const lines: string[] = [];
  let partial = '';
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const parts = (partial + text).split('\n');
    partial = parts.pop() ?? '';
    for (const line of parts) {
      lines.push(line);
      options.onLine?.(line, () => child.kill('SIGKILL'));
    }
  });
  return await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ lines, errors, code, signal }));
  });
}
