import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { appendFileSync, chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { childrenOf } from '../../runtime/test/children-of.ts';
import { findFreePort } from '../../runtime/test/find-free-port.ts';

/** A real Postgres on a loopback port of its own. */
export interface PostgresServer {
  /** Makes an empty database; gives its URL. */
  createDatabase(): Promise<string>;
  /** Ends it as a power cut would; `start` brings it back on the same port, with what it was told. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Keeps it from answering, with its connections open. */
  freeze(): void;
  thaw(): void;
  close(): Promise<void>;
}

const startTimeoutMs = 30_000;

/**
 * Starts a Postgres: on loopback, or at a `host` where `launch` puts the process that it becomes. Throws an error that names the
 * command to install one.
 */
export async function startPostgres({
  host = '127.0.0.1',
  launch = [],
}: {
  readonly host?: string;
  readonly launch?: readonly string[];
} = {}): Promise<PostgresServer> {
  const bin = findPrograms();
  const who = findOwner();
  const dir = mkdtempSync(join(tmpdir(), 'px-postgres-'));
  chmodSync(dir, 0o700);
  if ('uid' in who) chownSync(dir, who.uid, who.gid);
  const data = join(dir, 'data');
  execFileSync(join(bin, 'initdb'), ['-D', data, '-U', 'px', '-A', 'trust', '-E', 'UTF8'], { ...who, cwd: dir });
  appendFileSync(join(data, 'pg_hba.conf'), 'host all all 10.0.0.0/8 trust\n');
  const port = await findFreePort();
  let child: ChildProcess | null = null;
  let databases = 0;

  const toUrl = (database: string) => `postgres://px:secret@${host}:${port}/${database}`;
  async function start(): Promise<void> {
    const options = ['-D', data, '-h', host, '-p', String(port), '-k', dir];
    const [command = '', ...args] = [...launch, ...toOwner(who), join(bin, 'postgres'), ...options];
    const run = () => spawn(command, args, { cwd: dir, stdio: 'ignore' });
    child = run();
    const deadline = Date.now() + startTimeoutMs;
    while (!(await answers(toUrl('postgres')))) {
      if (Date.now() > deadline) throw new Error(`Postgres did not answer within ${startTimeoutMs} ms.`);
      await new Promise((resolve) => setTimeout(resolve, 50));
      // What was killed leaves processes behind for a moment, and it ends at once while they hold its memory.
      if (child.exitCode !== null) child = run();
    }
  }
  async function end(signal: NodeJS.Signals): Promise<void> {
    const ended = child;
    child = null;
    if (ended === null) return;
    const exited = new Promise((resolve) => ended.once('exit', resolve));
    ended.kill(signal);
    await exited;
  }
  /** The process that takes connections makes those that serve them, and takes their ends: it is the first to stop, the last to go on. */
  function freeze(): void {
    child?.kill('SIGSTOP');
    for (const one of served()) process.kill(one, 'SIGSTOP');
  }
  function thaw(): void {
    for (const one of served()) process.kill(one, 'SIGCONT');
    child?.kill('SIGCONT');
  }
  const served = () => (child?.pid === undefined ? [] : childrenOf(child.pid));
  await start();
  return {
    start,
    kill: () => end('SIGKILL'),
    freeze,
    thaw,
    async createDatabase() {
      databases += 1;
      const name = `test_${databases}`;
      await ask(toUrl('postgres'), `create database ${name}`);
      return toUrl(name);
    },
    async close() {
      await end('SIGINT');
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** Runs one statement in a connection of its own; gives its rows. */
export async function ask(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

async function answers(url: string): Promise<boolean> {
  return ask(url, 'select 1').then(
    () => true,
    () => false,
  );
}

/** Debian keeps each version's programs in a folder of its own, out of PATH. */
function findPrograms(): string {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root).sort((one, other) => Number(other) - Number(one)) : [];
  const found = versions.map((version) => join(root, version, 'bin')).find((bin) => existsSync(join(bin, 'initdb')));
  if (found !== undefined) return found;
  throw new Error('These tests need Postgres, which is not there: run `apt-get install -y postgresql`.');
}

type Owner = { readonly uid: number; readonly gid: number } | Record<string, never>;

/** Postgres refuses to run as root: then the user whom its package made runs it. */
function findOwner(): Owner {
  if (process.getuid?.() !== 0) return {};
  const idOf = (kind: string) => Number(execFileSync('id', [kind, 'postgres']).toString());
  return { uid: idOf('-u'), gid: idOf('-g') };
}

/** A command that becomes another as this user, once what only root may do is done. */
function toOwner(who: Owner): string[] {
  return 'uid' in who ? ['setpriv', `--reuid=${who.uid}`, `--regid=${who.gid}`, '--clear-groups'] : [];
}
