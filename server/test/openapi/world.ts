import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecret, type Scope } from '@px-platform/control';
import type { EventLog } from '@px-platform/log';
import { adminToken, startTestServer, type TestKey, type TestServer } from '../test-server.ts';

/** A server to try every operation on, one that waits for bodies a tenth of a second, and one that has no room. */
export interface World {
  readonly server: TestServer;
  readonly slow: TestServer;
  readonly full: TestServer;
  /** Key that may do all that a key may. */
  readonly key: string;
  /** A purge of the server's project. */
  readonly purgeId: string;
  readonly adminToken: string;
  /** A secret of a right form that nobody has. */
  readonly unknownKey: string;
  makeKey(key?: Partial<TestKey>): Promise<{ id: string; secret: string }>;
  /** Runs a request while every call of these ports throws. */
  withFault<T>(
    ports: readonly ('log' | 'reader' | 'control' | 'identity')[],
    error: Error,
    run: () => Promise<T>,
  ): Promise<T>;
  close(): Promise<void>;
}

/** The one origin whose pages may use the project's `pub` keys. */
const goodOrigin = 'https://shop.example';
const scopes: Scope[] = ['events:write', 'audit:write', 'query:read'];

/** Starts both, with a row to read, a file of the SDK, and a tenant. */
export async function startWorld(): Promise<World> {
  const logs: EventLog[] = [];
  const wrapLog = (real: EventLog): EventLog => {
    const log = { ...real };
    logs.push(log);
    return log;
  };
  const sdkFiles = new Map([['px.js', toFile('px.js', 'void 0;')]]);
  const server = await startTestServer({
    origins: [goodOrigin],
    sdkFiles,
    wrapLog,
    wrapAuditLog: wrapLog,
  });
  // Whose tier may be changed: no other test hangs on it.
  await server.control.createTenant({ slug: 'changed', tier: 'pro' });
  server.reader.rows.set(server.projectId, [toRow()]);
  const person = { personId: 'user-1', ids: ['user-1', 'visitor-1'], isIdentified: true, identifiedAt: 0 };
  server.identity.persons.set(`${server.projectId} visitor-1`, { ...person, properties: { plan: 'pro' } });
  const group = { members: 1, firstAt: 0, lastAt: 0, properties: { seats: 12 } };
  server.identity.groups.set(`${server.projectId} acme`, group);
  const said = { at: 0, id: 'visitor-1', userId: 'user-1', source: 'identify', outcome: 'joined' } as const;
  server.identity.merges.push({ ...said, eventId: '019de368-f600-7abc-8000-000000000001' });
  const purgeId = '019de368-f600-7abc-8000-000000000002';
  const subject = { kind: 'user_id', value: 'user_123' } as const;
  await server.purges.request({ id: purgeId, projectId: server.projectId, subject, at: server.now });
  const slow = await startTestServer({ requestTimeoutMs: 100 });
  const full = await startTestServer({ maxInFlight: 0 });
  const ports = {
    log: logs,
    reader: [server.reader, server.auditStore, server.deadLetters, server.rollups, server.purges],
    control: [server.control],
    identity: [server.identity],
  };
  const makeKey = (key: Partial<TestKey> = {}) => server.makeKey({ kind: 'srv', scopes, ...key });
  return {
    server,
    slow,
    full,
    key: (await makeKey()).secret,
    purgeId,
    adminToken,
    unknownKey: createSecret({ kind: 'srv', mode: 'test' }, (count) => Buffer.alloc(count, 9)),
    makeKey,
    async withFault(names, error, run) {
      const restore = names.flatMap((name) => ports[name].map((port) => breakPort(port, error)));
      try {
        return await run();
      } finally {
        for (const mend of restore) mend();
      }
    },
    async close() {
      await server.close();
      await slow.close();
      await full.close();
    },
  };
}

/** Puts a throw in the place of each method; gives what puts them back. */
function breakPort(port: object, error: Error): () => void {
  const whole = { ...port };
  for (const [name, value] of Object.entries(port)) {
    if (typeof value !== 'function') continue;
    // A page of an export is asked for, not awaited.
    if (name === 'exportRows') {
      Reflect.set(port, name, () => ({ [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(error) }) }));
    } else {
      Reflect.set(port, name, () => Promise.reject(error));
    }
  }
  return () => void Object.assign(port, whole);
}

function toFile(name: string, text: string) {
  const body = Buffer.from(text);
  const sha384 = createHash('sha384').update(body).digest();
  return { name, body, hash: sha384.toString('hex').slice(0, 16), integrity: `sha384-${sha384.toString('base64')}` };
}

/** The golden row as the store tells it. */
function toRow(): Record<string, unknown> {
  const row = JSON.parse(readFileSync(new URL('../../../schemas/golden/event-row.json', import.meta.url), 'utf8'));
  const [timestamp, received_at] = [row.timestamp, row.received_at].map((at) => new Date(at).toISOString());
  return { ...row, timestamp, received_at, stored_at: received_at };
}
