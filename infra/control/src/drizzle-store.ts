import { randomBytes as systemRandomBytes } from 'node:crypto';
import { AppError, type Clock, systemClock } from '@px-platform/runtime';
import { and, asc, eq, getTableColumns, isNull, or, type SQL, sql } from 'drizzle-orm';
import type { PgDatabase, PgQueryResultHKT, PgUpdateSetSource } from 'drizzle-orm/pg-core';
import type { RandomBytes } from './base62.ts';
import type { ControlStore, ProjectChange, StoredKey } from './control-store.ts';
import { createId } from './ids.ts';
import { eventSchemas, keys, projects, tenants } from './tables.ts';

/** Uses of one statement; more would pass Postgres's 65,535 parameters a statement. */
const maxUsesPerStatement = 1_000;

/** What a store is made of: any Drizzle Postgres database, and where time, chance and the ending come from. */
export interface DrizzleControlOptions {
  readonly db: PgDatabase<PgQueryResultHKT>;
  /** Settles once the database is migrated: awaited before each call, which throws what it throws. At once where left out. */
  readonly ready?: () => Promise<void>;
  readonly close: () => Promise<void>;
  readonly clock?: Clock;
  readonly randomBytes?: RandomBytes;
}

/** What leaves the database: all but the order of the rows and the secret's hash. */
const { seq: _tenantSeq, ...tenantColumns } = getTableColumns(tenants);
const { seq: _projectSeq, ...projectColumns } = getTableColumns(projects);
const { seq: _keySeq, secret_sha256: _hash, ...keyColumns } = getTableColumns(keys);

/**
 * The control store on any Postgres that Drizzle speaks to, migrated already or once it is `ready`. Throws
 * `control_unavailable` with the driver's error as its cause.
 */
export function createDrizzleControlStore(options: DrizzleControlOptions): ControlStore {
  const { db, ready, close, clock = systemClock, randomBytes = systemRandomBytes } = options;
  const attempt = async <T>(what: string, run: () => Promise<T>): Promise<T> => {
    await ready?.();
    return orUnavailable(what, run);
  };
  const grant = db
    .select({ key: keyColumns, project: projectColumns, tenant: tenantColumns })
    .from(keys)
    .innerJoin(projects, eq(projects.id, keys.project_id))
    .innerJoin(tenants, eq(tenants.id, projects.tenant_id))
    .where(eq(keys.secret_sha256, sql.placeholder('secretSha256')))
    .prepare('find_grant');

  async function changeKey(
    id: string,
    change: Partial<PgUpdateSetSource<typeof keys>>,
    where?: SQL,
  ): Promise<StoredKey | null> {
    await db
      .update(keys)
      .set(change)
      .where(and(eq(keys.id, id), where));
    return first(await db.select(keyColumns).from(keys).where(eq(keys.id, id)));
  }

  const isEventSchema = (projectId: string, event: string) =>
    and(eq(eventSchemas.project_id, projectId), eq(eventSchemas.event, event));

  /** The project's row is locked before its schemas are touched: changes of one project come one after the other. */
  async function raisePlanVersion(tx: Pick<typeof db, 'update'>, projectId: string): Promise<void> {
    await tx
      .update(projects)
      .set({ plan_version: sql`${projects.plan_version} + 1` })
      .where(eq(projects.id, projectId));
  }

  return {
    createTenant: (input) =>
      attempt(`create the tenant ${input.slug}`, async () => {
        const row = { id: createId('ten', randomBytes), ...input, created_at: new Date(clock()) };
        const made = first(await db.insert(tenants).values(row).onConflictDoNothing().returning(tenantColumns));
        if (made !== null) return { created: true, value: made };
        return {
          created: false,
          value: one(await db.select(tenantColumns).from(tenants).where(eq(tenants.slug, input.slug))),
        };
      }),

    findTenant: (slugOrId) =>
      attempt(`find the tenant ${slugOrId}`, async () =>
        first(
          await db
            .select(tenantColumns)
            .from(tenants)
            .where(or(eq(tenants.slug, slugOrId), eq(tenants.id, slugOrId))),
        ),
      ),

    listTenants: () =>
      attempt('list the tenants', () =>
        db.select(tenantColumns).from(tenants).orderBy(asc(tenants.created_at), asc(tenants.seq)),
      ),

    updateTenant: (slugOrId, change) =>
      attempt(`change the tenant ${slugOrId}`, async () =>
        first(
          await db
            .update(tenants)
            .set(change)
            .where(or(eq(tenants.slug, slugOrId), eq(tenants.id, slugOrId)))
            .returning(tenantColumns),
        ),
      ),

    createProject: (input) =>
      attempt(`create the project ${input.name}`, async () => {
        const row = {
          id: createId('prj', randomBytes),
          tenant_id: input.tenantId,
          name: input.name,
          origins: input.origins,
          ip_policy: input.ipPolicy,
          retention_days: input.retentionDays,
          settings: input.settings ?? {},
          created_at: new Date(clock()),
        };
        const made = first(await db.insert(projects).values(row).onConflictDoNothing().returning(projectColumns));
        if (made !== null) return { created: true, value: made };
        const sameName = and(eq(projects.tenant_id, input.tenantId), eq(projects.name, input.name));
        return { created: false, value: one(await db.select(projectColumns).from(projects).where(sameName)) };
      }),

    findProject: (id) =>
      attempt(`find the project ${id}`, async () =>
        first(await db.select(projectColumns).from(projects).where(eq(projects.id, id))),
      ),

    listProjects: (tenantId) =>
      attempt('list the projects', () =>
        db
          .select(projectColumns)
          .from(projects)
          .where(tenantId === null ? undefined : eq(projects.tenant_id, tenantId))
          .orderBy(asc(projects.created_at), asc(projects.seq)),
      ),

    updateProject: (id, change) =>
      attempt(`change the project ${id}`, async () =>
        first(await db.update(projects).set(toProjectSet(change)).where(eq(projects.id, id)).returning(projectColumns)),
      ),

    putEventSchema: ({ projectId, event, mode, schema }) =>
      attempt(`set the schema of the event ${event}`, () =>
        db.transaction(async (tx) => {
          await raisePlanVersion(tx, projectId);
          const change = { mode, schema, updated_at: new Date(clock()) };
          const replaced = first(
            await tx.update(eventSchemas).set(change).where(isEventSchema(projectId, event)).returning(),
          );
          if (replaced !== null) return { created: false, value: replaced };
          const row = { project_id: projectId, event, ...change };
          return { created: true, value: one(await tx.insert(eventSchemas).values(row).returning()) };
        }),
      ),

    listEventSchemas: (projectId) =>
      attempt(`list the event schemas of ${projectId}`, () =>
        db
          .select()
          .from(eventSchemas)
          .where(eq(eventSchemas.project_id, projectId))
          .orderBy(sql`${eventSchemas.event} collate "C"`),
      ),

    findEventSchema: (projectId, event) =>
      attempt(`find the schema of the event ${event}`, async () =>
        first(await db.select().from(eventSchemas).where(isEventSchema(projectId, event))),
      ),

    deleteEventSchema: (projectId, event) =>
      attempt(`remove the schema of the event ${event}`, () =>
        db.transaction(async (tx) => {
          await tx.select({ id: projects.id }).from(projects).where(eq(projects.id, projectId)).for('update');
          const deleted = first(await tx.delete(eventSchemas).where(isEventSchema(projectId, event)).returning());
          if (deleted !== null) await raisePlanVersion(tx, projectId);
          return deleted;
        }),
      ),

    createKey: (input) =>
      attempt(`create the key ${input.prefix}`, async () => {
        const row = {
          id: createId('key', randomBytes),
          project_id: input.projectId,
          kind: input.kind,
          mode: input.mode,
          name: input.name,
          prefix: input.prefix,
          secret_sha256: input.secretSha256,
          scopes: input.scopes,
          created_at: new Date(clock()),
          expires_at: input.expiresAt,
          rate_per_minute: input.ratePerMinute,
        };
        return one(await db.insert(keys).values(row).returning(keyColumns));
      }),

    findKey: (id) =>
      attempt(`find the key ${id}`, async () => first(await db.select(keyColumns).from(keys).where(eq(keys.id, id)))),

    findGrant: (secretSha256) => attempt('look up a key', async () => first(await grant.execute({ secretSha256 }))),

    listKeys: (projectId) =>
      attempt(`list the keys of ${projectId}`, () =>
        db
          .select(keyColumns)
          .from(keys)
          .where(eq(keys.project_id, projectId))
          .orderBy(asc(keys.created_at), asc(keys.seq)),
      ),

    updateKey: (id, { name, rate_per_minute }) =>
      attempt(`change the key ${id}`, () => changeKey(id, { id, name, rate_per_minute })),

    revokeKey: (id, at) =>
      attempt(`revoke the key ${id}`, () => changeKey(id, { revoked_at: at }, isNull(keys.revoked_at))),

    setKeyExpiry: (id, at) => attempt(`set the expiry of the key ${id}`, () => changeKey(id, { expires_at: at })),

    touchKeys: (uses) =>
      attempt('note when keys were used', async () => {
        for (let from = 0; from < uses.length; from += maxUsesPerStatement) {
          const values = uses
            .slice(from, from + maxUsesPerStatement)
            .map((use) => sql`(${use.id}, ${use.at.toISOString()}::timestamptz)`);
          await db.execute(sql`
            update ${keys} set last_used_at = greatest(last_used_at, used.at)
            from (values ${sql.join(values, sql`, `)}) as used (id, at) where ${keys.id} = used.id`);
        }
      }),

    ping: () => attempt('reach the control database', async () => void (await db.execute(sql`select 1`))),
    close: () => orUnavailable('close the control database', close),
  };
}

/** Settings are merged by the database, in the one statement: of two changes at once none is lost. */
function toProjectSet({ settings = {}, ...rest }: ProjectChange) {
  return { ...rest, settings: sql`jsonb_strip_nulls(${projects.settings} || ${JSON.stringify(settings)}::jsonb)` };
}

async function orUnavailable<T>(what: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError('control_unavailable', `Could not ${what}: the control database did not answer.`, { cause });
  }
}

function first<T>(rows: readonly T[]): T | null {
  return rows[0] ?? null;
}

function one<T>(rows: readonly T[]): T {
  const [row] = rows;
  if (row === undefined) throw new Error('a row that was just written is gone');
  return row;
}
