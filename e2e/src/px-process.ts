import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { findFreePort } from '../../infra/runtime/test/find-free-port.ts';

const mains = {
  server: fileURLToPath(new URL('../../server/src/main.ts', import.meta.url)),
  processor: fileURLToPath(new URL('../../processor/src/main.ts', import.meta.url)),
  /** ClickHouse's HTTP interface over the engine; its folder is `DATA_DIR`. */
  engine: fileURLToPath(new URL('../../infra/store/test/chdb-http-server.ts', import.meta.url)),
} as const;

const startTimeoutMs = 120_000;
/** A stop that takes longer has failed. */
const stopTimeoutMs = 60_000;

/** One process of a stack, which keeps its port over its restarts. */
export interface PxProcess {
  readonly name: string;
  readonly url: string;
  readonly port: number;
  /** Of the process that runs now; throws where none does. */
  pid(): number;
  /** Starts it, and waits until it answers. Throws where it ends first. */
  start(): Promise<void>;
  /** Ends it outright, as a power cut would. */
  kill(): Promise<void>;
  /** Asks it to end, and gives its exit code; null where it had to be killed. */
  stop(): Promise<number | null>;
  /** Keeps it from doing anything, with its connections open. */
  freeze(): void;
  thaw(): void;
  /** What it has written so far, unless it has a file for that. */
  said(): string;
}

/** Gives a process that is not started yet: one on loopback, or at a `host` where `launch` puts the process that it becomes. */
export async function createPxProcess(options: {
  readonly kind: keyof typeof mains;
  readonly name: string;
  readonly env: Readonly<Record<string, string>>;
  readonly host?: string;
  readonly launch?: readonly string[];
  /** Arguments for Node.js itself. */
  readonly execArgv?: readonly string[];
  /** Takes what it writes, where that would be too much to keep. */
  readonly outputFile?: string;
}): Promise<PxProcess> {
  const { kind, name, env, host = '127.0.0.1', launch = [], execArgv = [], outputFile } = options;
  const port = await findFreePort();
  const url = `http://${host}:${port}`;
  const ports = { PORT: String(port), PROCESSOR_PORT: String(port), HOST: host };
  const own = kind === 'engine' ? [env['DATA_DIR'] ?? '', String(port), host] : [];
  const [command = '', ...args] = [...launch, process.execPath, ...execArgv, mains[kind], ...own];
  let child: ChildProcess | null = null;
  let text = '';

  async function end(signal: NodeJS.Signals): Promise<number | null> {
    const ended = child;
    child = null;
    if (ended === null || ended.exitCode !== null || ended.signalCode !== null) return ended?.exitCode ?? null;
    const exited = new Promise<number | null>((resolve) => ended.once('exit', (code) => resolve(code)));
    ended.kill(signal);
    const timer = setTimeout(() => ended.kill('SIGKILL'), stopTimeoutMs);
    const code = await exited;
    clearTimeout(timer);
    return code;
  }

  return {
    name,
    url,
    port,
    pid() {
      if (child?.pid === undefined) throw new Error(`${name} does not run.`);
      return child.pid;
    },
    async start() {
      const output = outputFile === undefined ? null : openSync(outputFile, 'a');
      const started = spawn(command, args, {
        env: { ...process.env, LOG_LEVEL: 'error', ...env, ...ports },
        stdio: ['ignore', output ?? 'pipe', output ?? 'pipe'],
      });
      if (output !== null) closeSync(output);
      child = started;
      for (const stream of [started.stdout, started.stderr]) {
        stream?.on('data', (chunk: Buffer) => {
          text += chunk.toString();
        });
      }
      const path = kind === 'engine' ? '/ping' : '/health/live';
      for (const deadline = Date.now() + startTimeoutMs; !(await answers(url + path)); ) {
        if (started.exitCode !== null || started.signalCode !== null || Date.now() > deadline)
          throw new Error(`${name} did not start: ${outputFile ?? text.slice(-2_000)}`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    async kill() {
      await end('SIGKILL');
    },
    stop: () => end('SIGTERM'),
    freeze: () => void child?.kill('SIGSTOP'),
    thaw: () => void child?.kill('SIGCONT'),
    said: () => text,
  };
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(1_000) })).ok;
  } catch {
    return false;
  }
}
