import { join } from 'node:path';
import { AppError, type Clock, openLate } from '@px-platform/runtime';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import { Client, type ClientConfig, Pool } from 'pg';
import type { RandomBytes } from './base62.ts';
import type { ControlStore } from './control-store.ts';
import { createDrizzleControlStore } from './drizzle-store.ts';

const migrationsFolder = join(import.meta.dirname, '../drizzle');
const maxConnections = 10;
const connectTimeoutMs = 5_000;
const statementTimeoutMs = 10_000;
/** Another server may be migrating: the wait for it is part of the statement that takes the lock. */
const lockTimeoutMs = 60_000;
/** Of this program alone, among the advisory locks of a database: "px" and a number. */
const migrationLock = 0x70780001;

/** Which Postgres, and where time and chance come from. */
export interface PostgresOptions {
  /** `postgres://user:password@host:port/database`, with the driver's parameters, such as `sslmode`. */
  readonly url: string;
  readonly clock?: Clock;
  readonly randomBytes?: RandomBytes;
}

/**
 * Opens the control store on a Postgres server and migrates it, one server at a time; several may share it. A connection that breaks
 * is replaced at the next call: until the server is back, calls throw `control_unavailable`. Throws that, or
 * `migration_failed`; no message holds the password.
 */
export async function openPostgresControl(options: PostgresOptions): Promise<ControlStore> {
  await migrateAlone(options.url);
  return createPooledStore(options, async () => undefined);
}

/**
 * As `openPostgresControl` for a server that may be away: then it is migrated as soon as somebody asks for it and it can be, and each
 * call throws `control_unavailable` until then. `onAway` hears that it is.
 */
export async function openLatePostgresControl(
  options: PostgresOptions & { readonly onAway: (error: AppError) => void },
): Promise<ControlStore> {
  const { onAway } = options;
  const late = await openLate(() => migrateAlone(options.url), {
    what: 'The control database',
    away: 'control_unavailable',
    close: async () => undefined,
    onAway,
  });
  const store = createPooledStore(options, late.reach);
  return {
    ...store,
    async close() {
      await late.close();
      await store.close();
    },
  };
}

function createPooledStore({ url, ...rest }: PostgresOptions, ready: () => Promise<void>): ControlStore {
  const pool = new Pool({ ...toConfig(url), max: maxConnections, statement_timeout: statementTimeoutMs });
  // One that breaks while idle is heard of here alone, and would end the process; the next call says what is wrong.
  pool.on('error', () => undefined);
  let closing: Promise<void> | null = null;
  const close = () => (closing ??= pool.end());
  return createDrizzleControlStore({ db: drizzle({ client: pool }), ready, close, ...rest });
}

function toConfig(url: string): ClientConfig {
  return {
    connectionString: url,
    application_name: 'px',
    connectionTimeoutMillis: connectTimeoutMs,
    keepAlive: true,
  };
}

async function migrateAlone(url: string): Promise<void> {
  const client = new Client({ ...toConfig(url), statement_timeout: lockTimeoutMs });
  // As above: the query at hand rejects too.
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (cause) {
    throw new AppError(
      'control_unavailable',
      `Could not connect to Postgres at ${toPlace(url)}: see whether it runs, and DATABASE_URL.`,
      { cause },
    );
  }
  try {
    await client.query('select pg_advisory_lock($1)', [migrationLock]);
    await migrate(drizzle({ client }), { migrationsFolder });
  } catch (cause) {
    throw new AppError(
      'migration_failed',
      `Could not bring the control database at ${toPlace(url)} up to date with ${migrationsFolder}. May its user make tables, and was it written by a later version?`,
      { cause },
    );
  } finally {
    // The lock ends with its connection.
    await client.end();
  }
}

/** Host, port and database: without who connects, and how. */
function toPlace(url: string): string {
  return URL.canParse(url) ? new URL(url).host + new URL(url).pathname : 'the given address';
}
