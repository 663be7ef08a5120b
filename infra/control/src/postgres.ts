import { join } from 'node:path';
import { AppError, type Clock } from '@px-platform/runtime';
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
export async function openPostgresControl({ url, ...rest }: PostgresOptions): Promise<ControlStore> {
  const config: ClientConfig = {
    connectionString: url,
    application_name: 'px',
    connectionTimeoutMillis: connectTimeoutMs,
    keepAlive: true,
  };
  await migrateAlone(config, url);
  const pool = new Pool({ ...config, max: maxConnections, statement_timeout: statementTimeoutMs });
  // One that breaks while idle is heard of here alone, and would end the process; the next call says what is wrong.
  pool.on('error', () => undefined);
  let closing: Promise<void> | null = null;
  const close = () => (closing ??= pool.end());
  return createDrizzleControlStore({ db: drizzle({ client: pool }), close, ...rest });
}

async function migrateAlone(config: ClientConfig, url: string): Promise<void> {
  const client = new Client({ ...config, statement_timeout: lockTimeoutMs });
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
