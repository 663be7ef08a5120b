import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('run-standalone.ts', import.meta.url));
const startTimeoutMs = 180_000;

/** A standalone process that takes requests. */
export interface StandaloneProcess {
  readonly url: string;
  readonly apiKey: string;
  readonly projectId: string;
  readonly adminToken: string;
  readonly pid: number;
  /** Ends it outright, as a power cut would; settles when it is gone. */
  kill(): Promise<void>;
  /** Ends it as Ctrl-C does and gives its exit code. */
  stop(): Promise<number | null>;
  hasEnded(): boolean;
}

/** Why a start was refused. */
export interface Refused {
  readonly code: string;
  readonly message: string;
}

/** How to start one; `clockOffsetMs` is added to its clock. */
export interface StartOptions {
  readonly dataDir: string;
  readonly port: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly clockOffsetMs?: number;
  /** What runs it, where it is not run directly: a command that becomes the process, such as `nsenter ... --`. */
  readonly launch?: readonly string[];
}

/** Starts the process and waits until it takes requests. Throws where it is refused or killed first. */
export async function startProcess(options: StartOptions): Promise<StandaloneProcess> {
  const started = await tryStart(options);
  if ('message' in started) throw new Error(`the start was refused: ${started.code} ${started.message}`);
  return started;
}

/** Starts the process; gives why where it is refused. `onSpawn` is given the child before it is ready. */
export async function tryStart(
  { dataDir, port, env = {}, clockOffsetMs = 0, launch = [] }: StartOptions,
  onSpawn: (child: ChildProcess) => void = () => undefined,
): Promise<StandaloneProcess | Refused> {
  const setting = { DATA_DIR: dataDir, PORT: String(port), HOST: '127.0.0.1', LOG_LEVEL: 'error', ...env };
  const words = [...launch, process.execPath, script, JSON.stringify({ env: setting, clockOffsetMs })];
  const [command = process.execPath, ...args] = words;
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onSpawn(child);
  const exited = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  const line = await readFirstLine(child);
  if (line.startsWith('REFUSED ')) {
    await exited;
    return JSON.parse(line.slice('REFUSED '.length));
  }
  if (!line.startsWith('READY ')) throw new Error(`the process ended before it was ready: ${line}`);
  const { url, demo, adminToken } = JSON.parse(line.slice('READY '.length));
  return {
    url,
    apiKey: demo.apiKey,
    projectId: demo.projectId,
    adminToken,
    pid: child.pid ?? 0,
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
    stop() {
      child.kill('SIGTERM');
      return exited;
    },
    hasEnded: () => child.exitCode !== null || child.signalCode !== null,
  };
}

function readFirstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const timer = setTimeout(() => reject(new Error(`not ready within ${startTimeoutMs} ms`)), startTimeoutMs);
    const settle = (line: string): void => {
      clearTimeout(timer);
      child.stdout?.off('data', onData).resume();
      resolve(line);
    };
    const onData = (chunk: Buffer): void => {
      text += chunk.toString();
      const line = text.split('\n').find((one) => one.startsWith('READY ') || one.startsWith('REFUSED '));
      if (line !== undefined && text.endsWith('\n')) settle(line);
    };
    child.stdout?.on('data', onData);
    child.once('exit', () => settle(text.split('\n').find((one) => one.startsWith('REFUSED ')) ?? 'exit'));
  });
}

/** Makes a `srv` key of the demo project, through the admin interface: one that may read and write unless told otherwise. */
export async function makeServerKey(
  at: Pick<StandaloneProcess, 'url' | 'projectId' | 'adminToken'>,
  scopes?: readonly string[],
  ratePerMinute?: number,
): Promise<string> {
  const response = await fetch(`${at.url}/admin/v1/projects/${at.projectId}/keys`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${at.adminToken}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({
      kind: 'srv',
      name: `e2e ${Date.now()} ${Math.random()}`,
      scopes,
      rate_per_minute: ratePerMinute,
    }),
  });
  const answer: Record<string, unknown> = await toObject(response);
  if (response.status !== 201) throw new Error(`no key was made: ${response.status} ${JSON.stringify(answer)}`);
  return String(answer['key']);
}

/** One row as the export gives it. */
export type ExportedRow = Readonly<Record<string, unknown>>;

/** Gives every row of the demo project, by the export. */
export async function exportRows(
  at: Pick<StandaloneProcess, 'url'>,
  key: string,
  table: 'events' | 'audit-events' = 'events',
): Promise<ExportedRow[]> {
  return Array.fromAsync(readExport(at, key, table));
}

/**
 * Gives the rows of the demo project that were received within the last half hour: for who asks again and again. An
 * export asks the store once for each of its slices of time, four times for these, fifteen for all that may be.
 */
export async function exportRecentRows(at: Pick<StandaloneProcess, 'url'>, key: string): Promise<ExportedRow[]> {
  const toInstant = (offsetMs: number) => new Date(Date.now() + offsetMs).toISOString();
  return Array.fromAsync(readLines(at, key, `events?from=${toInstant(-1_800_000)}&to=${toInstant(60_000)}`));
}

/** Reads the rows of an export one by one, as many as there are: a text of all of them may be longer than a string can be. */
export function readExport(
  at: Pick<StandaloneProcess, 'url'>,
  key: string,
  table: 'events' | 'audit-events' = 'events',
): AsyncGenerator<ExportedRow> {
  return readLines(at, key, `${table}?from=2000-01-01T00:00:00Z&to=2200-01-01T00:00:00Z`);
}

async function* readLines(at: Pick<StandaloneProcess, 'url'>, key: string, asked: string): AsyncGenerator<ExportedRow> {
  const response = await fetch(`${at.url}/api/v1/export/${asked}`, {
    headers: { Authorization: `Bearer ${key}` },
  });
  if (response.status !== 200 || response.body === null) {
    throw new Error(`the export answered ${response.status}: ${await response.text()}`);
  }
  for await (const line of createInterface({ input: Readable.fromWeb(response.body) })) {
    if (line !== '') yield JSON.parse(line);
  }
}

/** Waits until the processor has stored all that the log holds. Throws after `timeoutMs`. */
export async function untilDrained(at: Pick<StandaloneProcess, 'url' | 'apiKey'>, timeoutMs = 60_000): Promise<void> {
  for (const startedAt = performance.now(); performance.now() - startedAt < timeoutMs; ) {
    const response = await fetch(`${at.url}/api/v1/events/queue/status`, { headers: { 'X-API-Key': at.apiKey } });
    const status = await toObject(response);
    // What lies in a spool is not in the log yet.
    if (status['depth'] === 0 && (status['spooled'] ?? 0) === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`the queue is not empty after ${timeoutMs} ms`);
}

/** Parses an answer that is a JSON object. */
async function toObject(response: Response): Promise<Record<string, unknown>> {
  return (await response.json()) as Record<string, unknown>;
}
