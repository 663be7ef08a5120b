import { rmSync } from 'node:fs';
import { expect } from 'vitest';
import { findFreePort } from '../../infra/runtime/test/find-free-port.ts';
import { makeDataDir } from '../src/data-dir.ts';
import {
  type ExportedRow,
  exportRows,
  makeServerKey,
  type StandaloneProcess,
  startProcess,
  untilDrained,
} from '../src/standalone-process.ts';

/** What a request was answered with. */
export interface Sent {
  readonly status: number;
  readonly code: string;
  readonly text: string;
  readonly body: Record<string, unknown>;
  readonly headers: Headers;
}

/** A process that bad input is sent to, and its store to look into. */
export interface Target {
  readonly at: StandaloneProcess;
  readonly serverKey: string;
  /** Sends a body with the browser key; demands a request id and no stack trace of the answer. */
  post(path: string, body: string | Uint8Array<ArrayBuffer>, headers?: Record<string, string>): Promise<Sent>;
  single(body: unknown, headers?: Record<string, string>): Promise<Sent>;
  many(events: unknown, headers?: Record<string, string>): Promise<Sent>;
  /** Gives the stored rows of an event name, once the log is drained. */
  stored(name: string): Promise<ExportedRow[]>;
  /** After whatever came before: the process is alive, and takes and stores a good event. */
  expectAlive(): Promise<void>;
  close(): Promise<void>;
}

let made = 0;
/** Gives a name of its own for each test's events, so that the store can be asked what became of them. */
export function named(): string {
  made += 1;
  return `bad-${made}`;
}

/** Gives an event of this name, with a person. */
export function event(name: string, own: Record<string, unknown> = {}): Record<string, unknown> {
  return { event: name, anonymous_id: 'p', ...own };
}

/** Gives a batch's body. */
export function batch(events: unknown, own: Record<string, unknown> = {}): string {
  return JSON.stringify({ events, ...own });
}

/** Starts a process on a data folder of its own, with 1.5 s for a body. */
export async function openTarget(): Promise<Target> {
  const dataDir = makeDataDir('bad');
  const at = await startProcess({ dataDir, port: await findFreePort(), env: { REQUEST_TIMEOUT_MS: '1500' } });
  const serverKey = await makeServerKey(at);

  const post: Target['post'] = async (path, body, headers = {}) => {
    const response = await fetch(`${at.url}${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${at.apiKey}`, ...headers },
      body,
    });
    const text = await response.text();
    const parsed: Record<string, unknown> = text === '' ? {} : JSON.parse(text);
    const code = /"code":"(\w+)"/.exec(text)?.[1] ?? '';
    expect(response.headers.get('x-request-id')).not.toBeNull();
    expect(text).not.toMatch(/\bat .*\.(ts|js):\d+|node:internal/);
    return { status: response.status, code, text, body: parsed, headers: response.headers };
  };
  const single: Target['single'] = (body, headers) => post('/api/v1/events', JSON.stringify(body), headers);
  const stored: Target['stored'] = async (name) => {
    await untilDrained(at);
    return (await exportRows(at, serverKey)).filter((row) => row['event'] === name);
  };
  return {
    at,
    serverKey,
    post,
    single,
    many: (events, headers) => post('/api/v1/events/batch', batch(events), headers),
    stored,
    async expectAlive() {
      const name = named();
      expect((await single(event(name))).status).toBe(202);
      expect(await stored(name)).toHaveLength(1);
    },
    async close() {
      await at.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
