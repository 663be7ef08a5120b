import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, createWriteStream, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { toChildEnvironment } from '../config.ts';
import { askJson } from './ask-json.ts';
import { askQuestion, toInstant } from './ask-question.ts';
import { findPort } from './find-port.ts';
import { waitUntil } from './wait-until.ts';

/** The real thing: server, log, processor and store in one process, as `npm start` runs it. */
export interface Standalone {
  readonly pid: number;
  readonly url: string;
  readonly apiKey: string;
  readonly projectId: string;
  /** Where it keeps its data; files of the measurement may lie beside. */
  readonly folder: string;
  /** From the start of its process until `/health/ready` answered 200, asked every 10 ms. */
  readonly readyMs: number;
  /** Asks the admin interface; gives its answer. */
  askAdmin(method: 'POST' | 'PUT', path: string, body: object): Promise<Record<string, unknown>>;
  /** Makes a key of the project; gives its secret. */
  makeKey(key: object): Promise<string>;
  /** Asks `POST /api/v1/query`; gives the rows of the answer. */
  ask(question: object): Promise<unknown[][]>;
  /** Rows that the store holds of the project, duplicates counted as often as they are there. */
  countRows(): Promise<number>;
  /** Waits until the log holds nothing that is not stored. */
  drain(): Promise<void>;
  /** Writes at least `rows` rows (if there are) to a file as NDJSON, oldest first. */
  exportRows(file: string, rows: number): Promise<void>;
  /** Ends it as Ctrl-C does, and removes its data. */
  close(): Promise<void>;
}

const main = fileURLToPath(new URL('./main.ts', import.meta.resolve('@px-platform/standalone')));
const startTimeoutMs = 60_000;
const drainTimeoutMs = 180_000;

/**
 * Starts it on an empty data folder, or on `folder`, which stays when it is closed; its log, at level info, goes to a
 * file there.
 */
export async function openStandalone(
  options: { execArgv?: readonly string[]; folder?: string; env?: Readonly<Record<string, string>> } = {},
): Promise<Standalone> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'px-bench-'));
  const removeFolder = (): void => {
    if (options.folder === undefined) rmSync(folder, { recursive: true, force: true });
  };
  const port = await findPort();
  const logFile = openSync(join(folder, 'out.log'), 'w');
  const startedAt = performance.now();
  const child = spawn(process.execPath, [...(options.execArgv ?? []), main], {
    env: toChildEnvironment({
      DATA_DIR: join(folder, 'data'),
      PORT: String(port),
      HOST: '127.0.0.1',
      LOG_LEVEL: 'info',
      ...options.env,
    }),
    stdio: ['ignore', logFile, logFile],
  });
  closeSync(logFile);
  const abandon = (): void => {
    child.kill('SIGKILL');
    removeFolder();
  };
  process.once('exit', abandon);
  const url = `http://127.0.0.1:${port}`;
  await waitUntil(`${url}/health/ready answers`, startTimeoutMs, async () => {
    if (child.exitCode !== null) throw new Error(`The standalone ended with ${child.exitCode}; see ${folder}/out.log.`);
    return (await fetch(`${url}/health/ready`).catch(() => null))?.ok === true;
  });
  const readyMs = performance.now() - startedAt;
  const { apiKey, projectId } = await readConfig(url);

  const ask = async (question: object): Promise<unknown[][]> =>
    askQuestion(url, (await readConfig(url)).readToken, question);

  const askAdmin = async (method: 'POST' | 'PUT', path: string, body: object): Promise<Record<string, unknown>> => {
    const key = readFileSync(join(folder, 'data', 'admin-token'), 'utf8').trim();
    return askJson(url + path, { method, key, body });
  };

  return {
    pid: child.pid ?? 0,
    url,
    apiKey,
    projectId,
    folder,
    readyMs,
    ask,
    askAdmin,
    async makeKey(key) {
      const made = await askAdmin('POST', `/admin/v1/projects/${projectId}/keys`, key);
      return String(made['key']);
    },
    async countRows() {
      const rows = await ask({ question: 'breakdown', by: 'event', limit: 1_000 });
      return rows.reduce((sum, [, count]) => sum + Number(count), 0);
    },
    drain: () =>
      waitUntil('the log is drained', drainTimeoutMs, async () => {
        const { depth } = await askJson<{ depth: number }>(`${url}/api/v1/events/queue/status`, { key: apiKey });
        return depth === 0;
      }),
    async exportRows(file, rows) {
      const { readToken } = await readConfig(url);
      const answer = await fetch(`${url}/api/v1/export/events?from=${toInstant(-1)}&to=${toInstant(1)}`, {
        headers: { authorization: `Bearer ${readToken}` },
      });
      if (!answer.ok || answer.body === null) throw new Error(`The export was refused: ${answer.status}`);
      await pipeline(Readable.fromWeb(answer.body), (chunks) => takeLines(chunks, rows), createWriteStream(file));
    },
    async close() {
      process.off('exit', abandon);
      await end(child);
      removeFolder();
    },
  };
}

/** A full minute for the drain, then the hard way. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = once(child, 'exit');
  const deadline = setTimeout(() => child.kill('SIGKILL'), 60_000);
  child.kill('SIGINT');
  await ended;
  clearTimeout(deadline);
}

interface DemoConfig {
  readonly apiKey: string;
  readonly projectId: string;
  readonly readToken: string;
}

function readConfig(url: string): Promise<DemoConfig> {
  return askJson<DemoConfig>(`${url}/demo/config.json`);
}

async function* takeLines(chunks: AsyncIterable<Uint8Array>, lines: number): AsyncGenerator<Uint8Array> {
  let seen = 0;
  for await (const chunk of chunks) {
    let end = -1;
    for (let at = chunk.indexOf(10); at !== -1 && seen < lines; at = chunk.indexOf(10, at + 1)) {
      seen += 1;
      end = at;
    }
    if (seen < lines) yield chunk;
    else {
      yield chunk.subarray(0, end + 1);
      return;
    }
  }
}
